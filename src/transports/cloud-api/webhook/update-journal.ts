import { createHash } from 'node:crypto'
import type { Database } from '../../../storage/database/database.ts'

const DAY_MS = 86_400_000
/** WhatsApp posts again what was not answered with 200, for up to seven days. */
const KEPT_MS = 8 * DAY_MS
/** Names of updates that are known; 25,000 a day. The oldest go. */
const MAX_NAMES = 200_000
/** Updates that wait for their work: whatever is posted beyond that comes again. */
const MAX_OPEN = 50_000
const PRUNE_EVERY = 1_000

/** An update whose work is not done. */
export interface OpenUpdate {
  sequence: number
  /** The update as JSON. */
  content: string
}

/** A new update, as it goes in. */
export interface NewUpdate {
  /** The update as JSON. */
  content: string
  /** What makes it itself: equal for a repetition. */
  name: string
  /** The address of whose words are in it; empty for nobody's. */
  author: string
}

/**
 * What was posted, until it is worked on, and afterwards its name: what comes again means nothing. Times come in as arguments. Synchronous;
 * throws `StorageError`.
 */
export class UpdateJournal {
  readonly #database: Database
  readonly #now: () => number
  readonly #maxOpen: number
  #sincePrune = 0

  constructor(database: Database, now: () => number, maxOpen = MAX_OPEN) {
    this.#database = database
    this.#now = now
    this.#maxOpen = maxOpen
  }

  /** Whether so many more can wait. */
  hasRoom(updates: number): boolean {
    const row = this.#database
      .prepare('SELECT count(*) AS open FROM business_updates WHERE content IS NOT NULL')
      .get()
    // The column asked for.
    return (row as { open: number }).open + updates <= this.#maxOpen
  }

  /** Whether all of these came before, as far as that is remembered. */
  has(updates: readonly NewUpdate[]): boolean {
    const find = this.#database.prepare('SELECT 1 FROM business_updates WHERE name = ?')
    return updates.every(({ name }) => find.get(digestOf(name)) !== undefined)
  }

  /** In one transaction. What is known already is left out. */
  keep(updates: readonly NewUpdate[]): void {
    const insert = this.#database.prepare(
      'INSERT INTO business_updates (name, author, content, kept_at) VALUES (?, ?, ?, ?) ON CONFLICT (name) DO NOTHING',
    )
    this.#database.transaction(() => {
      for (const { content, name, author } of updates)
        insert.run(digestOf(name), author, content, this.#now())
    })
    this.#sincePrune += updates.length
    if (this.#sincePrune >= PRUNE_EVERY) this.prune()
  }

  /** The oldest of those that are open. */
  open(limit: number): OpenUpdate[] {
    // The columns asked for.
    return this.#database
      .prepare(
        'SELECT sequence, content FROM business_updates WHERE content IS NOT NULL ORDER BY sequence LIMIT ?',
      )
      .all(limit)
  }

  get hasOpen(): boolean {
    return (
      this.#database.prepare('SELECT 1 FROM business_updates WHERE content IS NOT NULL LIMIT 1').get() !==
      undefined
    )
  }

  /** Its work is done: its words are gone from here, and whose they were. */
  settle(sequence: number): void {
    this.#database.transaction(() => {
      this.#database
        .prepare(`UPDATE business_updates SET content = NULL, author = '' WHERE sequence = ?`)
        .run(sequence)
    })
  }

  /** Its work is done, and would change nothing a second time. */
  drop(sequence: number): void {
    this.#database.transaction(() => {
      this.#database.prepare('DELETE FROM business_updates WHERE sequence = ?').run(sequence)
    })
  }

  /** What is not worked on of what these people wrote, or was written to them, is ignored, and nothing of it stays. Inside of the caller's transaction. */
  erase(addresses: readonly string[]): void {
    this.#database
      .prepare(
        `UPDATE business_updates SET content = NULL, author = ''
         WHERE content IS NOT NULL AND author IN (SELECT value FROM json_each(?))`,
      )
      .run(JSON.stringify(addresses))
  }

  keepsWordsOf(addresses: readonly string[]): boolean {
    const row = this.#database
      .prepare(
        `SELECT 1 FROM business_updates
         WHERE content IS NOT NULL AND author IN (SELECT value FROM json_each(?)) LIMIT 1`,
      )
      .get(JSON.stringify(addresses))
    return row !== undefined
  }

  /** Forgets the names that no repetition can have any more, and the oldest beyond the limit. */
  prune(): void {
    this.#sincePrune = 0
    this.#database.transaction(() => {
      this.#database
        .prepare(
          `DELETE FROM business_updates WHERE content IS NULL AND (kept_at < ? OR sequence <=
             (SELECT sequence FROM business_updates ORDER BY sequence DESC LIMIT 1 OFFSET ?))`,
        )
        .run(this.#now() - KEPT_MS, MAX_NAMES)
    })
  }
}

function digestOf(name: string): Buffer {
  return createHash('sha256').update(name).digest().subarray(0, 16)
}
