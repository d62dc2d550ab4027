import type { Database } from '../../../storage/database/database.ts'
import { pruneStrangers } from '../prune-strangers.ts'

/** People whose window is kept, of those who may write and of all others; those whose window is closed go first, then those who wrote longest ago. */
const MAX_ROWS = 20_000
/** How many more there may be until they are counted. */
const SLACK = 200

/** What is known of when a person wrote. Times are milliseconds since 1970. */
export interface WindowRow {
  address: string
  /** When they last wrote or called; 0 for never. */
  last_at: number
  closed_at: number | null
  free_until: number | null
  /** When they came from an advertisement, until that is answered. */
  entry_at: number | null
  /** Whether the message of `last_at` was for another app. */
  last_for_app: 0 | 1
  /** When the chat was last handed over, and whether to another app. */
  handed_at: number | null
  handed_to_app: 0 | 1
}

const DAY_MS = 86_400_000
const COLUMNS =
  'address, last_at, closed_at, free_until, entry_at, last_for_app, handed_at, handed_to_app' as const

/** Of somebody who never wrote: the chat has no window. */
export function neverWrote(address: string): WindowRow {
  return {
    address,
    last_at: 0,
    closed_at: 0,
    free_until: null,
    entry_at: null,
    last_for_app: 0,
    handed_at: null,
    handed_to_app: 0,
  }
}

interface WindowStoreOptions {
  /** The id of our number; empty while it is not known. */
  number: () => string
  /** Whether the person at this address may write now; nobody else takes their place. */
  isAllowed: (address: string) => boolean
}

/** When people last wrote to the number that the account has. Methods that write run inside of the caller's transaction; all throw `StorageError`. */
export class WindowStore {
  readonly #database: Database
  readonly #options: WindowStoreOptions
  #sinceCount = SLACK

  constructor(database: Database, options: WindowStoreOptions) {
    this.#database = database
    this.#options = options
  }

  find(address: string): WindowRow | undefined {
    // The columns of the table.
    return this.#database
      .prepare(`SELECT ${COLUMNS} FROM business_windows WHERE address = ? AND number = ?`)
      .get(address, this.#options.number()) as WindowRow | undefined
  }

  /** Answers with the addresses whose rows of today's number went, because there were too many. */
  set(row: WindowRow): string[] {
    this.#database
      .prepare(
        `INSERT INTO business_windows (${COLUMNS}, number) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
         ON CONFLICT DO UPDATE SET last_at = ?2, closed_at = ?3, free_until = ?4, entry_at = ?5, last_for_app = ?6,
           handed_at = ?7, handed_to_app = ?8`,
      )
      .run(
        row.address,
        row.last_at,
        row.closed_at,
        row.free_until,
        row.entry_at,
        row.last_for_app,
        row.handed_at,
        row.handed_to_app,
        this.#options.number(),
      )
    return this.#bound()
  }

  setClosed(address: string, at: number): void {
    this.#database
      .prepare(
        'UPDATE business_windows SET closed_at = ? WHERE address = ? AND number = ? AND closed_at IS NULL',
      )
      .run(at, address, this.#options.number())
  }

  /** The open ones, that of the person first who wrote longest ago. */
  open(limit: number): WindowRow[] {
    return this.#database
      .prepare(
        `SELECT ${COLUMNS} FROM business_windows INDEXED BY business_windows_open
         WHERE closed_at IS NULL AND number = ? ORDER BY last_at LIMIT ?`,
      )
      .all(this.#options.number(), limit)
  }

  /** Whether there is anything of this address, for whichever number. */
  has(address: string): boolean {
    const row = this.#database.prepare('SELECT 1 FROM business_windows WHERE address = ?').get(address)
    return row !== undefined
  }

  /** Whichever number they wrote to. */
  delete(address: string): void {
    this.#database.prepare('DELETE FROM business_windows WHERE address = ?').run(address)
  }

  /** The first number of the account is known: what was kept before is of that one. */
  numberKnown(): void {
    this.#database
      .prepare(`UPDATE OR IGNORE business_windows SET number = ? WHERE number = ''`)
      .run(this.#options.number())
  }

  #bound(): string[] {
    this.#sinceCount += 1
    if (this.#sinceCount < SLACK) return []
    this.#sinceCount = 0
    // Of a number that the account had before only what is open is worth keeping: the config may have it again.
    this.#database
      .prepare(
        `DELETE FROM business_windows WHERE number != ?1 AND last_at <
           (SELECT max(last_at) FROM business_windows WHERE number = ?1) - ?2`,
      )
      .run(this.#options.number(), DAY_MS)
    const pruned = pruneStrangers(this.#database, {
      table: 'business_windows',
      order: '(closed_at IS NULL) DESC, last_at DESC',
      reverse: '(closed_at IS NULL), last_at',
      max: MAX_ROWS,
      isAllowed: this.#options.isAllowed,
    })
    return pruned.flatMap(({ address, number }) => (number === this.#options.number() ? address : []))
  }
}
