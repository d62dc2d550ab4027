import type { Database } from '../../storage/database/database.ts'
import { SentRequests } from '../sending/sent-requests.ts'

/** Tables that only grow, and when a row of each was written. */
const WRITTEN_AT = {
  // Not when it was sent: WhatsApp may deliver a message again for a while after it came, and its row is what knows it.
  inbox: 'received_at',
  outbox: 'queued_at',
  turns: 'opened_at',
} as const

export type GrowingTable = keyof typeof WRITTEN_AT

const OPEN_TURNS = `(SELECT id FROM turns WHERE state = 'open')`
/** What is still to be answered or sent, and what of an answer is out already: after a crash it is not sent again. */
const UNDER_WAY: Readonly<Record<GrowingTable, string>> = {
  inbox: `(state = 'pending' OR (turn IS NOT NULL AND turn IN ${OPEN_TURNS}))`,
  outbox: `(state = 'queued' OR (turn IS NOT NULL AND turn IN ${OPEN_TURNS}))`,
  turns: `(state = 'open')`,
}

export interface GrownRow {
  sequence: number
  /** Milliseconds since 1970. */
  at: number
  isUnderWay: 0 | 1
}

/** Rows of what was said, and what belongs to them. */
export interface RowsOfMessages {
  inbox: readonly number[]
  outbox: readonly number[]
}

/** Finds and deletes what is not kept any more. Every method that writes runs inside of the caller's transaction. Throws `StorageError`. */
export class ExpiredRows {
  readonly #database: Database
  readonly #requests: SentRequests

  constructor(database: Database) {
    this.#database = database
    this.#requests = new SentRequests(database)
  }

  /** The rows after this one, oldest first. */
  after(table: GrowingTable, sequence: number, limit: number): GrownRow[] {
    // The columns asked for.
    return this.#database
      .prepare(
        `SELECT sequence, ${WRITTEN_AT[table]} AS at, ${UNDER_WAY[table]} AS isUnderWay FROM ${table}
         WHERE sequence > ? ORDER BY sequence LIMIT ?`,
      )
      .all(sequence, limit)
  }

  /** How many rows a table has beyond `most`. */
  excess(table: GrowingTable, most: number): number {
    const range = this.#database
      .prepare(`SELECT COALESCE(MAX(sequence) - MIN(sequence) + 1, 0) AS rows FROM ${table}`)
      .get()
    // The column asked for. Counted only where it can be too much.
    if ((range as { rows: number }).rows <= most) return 0
    const counted = this.#database.prepare(`SELECT COUNT(*) AS rows FROM ${table}`).get()
    return Math.max(0, (counted as { rows: number }).rows - most)
  }

  /** The conversations with rows that are newer than these. */
  touchedSince({ inbox, outbox }: Readonly<Record<'inbox' | 'outbox', number>>): number[] {
    const rows = this.#database
      .prepare(
        `SELECT conversation FROM inbox WHERE sequence > ? UNION SELECT conversation FROM outbox WHERE sequence > ?`,
      )
      .all(inbox, outbox)
    // The column asked for.
    return (rows as { conversation: number }[]).map(({ conversation }) => conversation)
  }

  /** Ids of conversations after this one, in their order. */
  conversationsAfter(id: number, limit: number): number[] {
    const rows = this.#database
      .prepare('SELECT id FROM conversations WHERE id > ? ORDER BY id LIMIT ?')
      .all(id, limit)
    // The column asked for.
    return (rows as { id: number }[]).map((row) => row.id)
  }

  newest(): Record<'inbox' | 'outbox', number> {
    // The columns asked for.
    return this.#database
      .prepare(
        `SELECT COALESCE((SELECT MAX(sequence) FROM inbox), 0) AS inbox,
           COALESCE((SELECT MAX(sequence) FROM outbox), 0) AS outbox`,
      )
      .get() as Record<'inbox' | 'outbox', number>
  }

  countOf(conversation: number): number {
    const row = this.#database
      .prepare(
        `SELECT (SELECT COUNT(*) FROM inbox WHERE conversation = ?1)
           + (SELECT COUNT(*) FROM outbox WHERE conversation = ?1) AS rows`,
      )
      .get(conversation)
    // The column asked for.
    return (row as { rows: number }).rows
  }

  /** The oldest rows of a conversation that nothing waits for. */
  oldestOf(conversation: number, limit: number): RowsOfMessages {
    const rows = this.#database
      .prepare(
        `SELECT * FROM (SELECT 0 AS isOurs, sequence, sequence AS place FROM inbox
             WHERE conversation = ?1 AND NOT ${UNDER_WAY.inbox} ORDER BY sequence LIMIT ?2)
         UNION ALL
         SELECT * FROM (SELECT 1, sequence, after_inbox FROM outbox
             WHERE conversation = ?1 AND NOT ${UNDER_WAY.outbox} ORDER BY after_inbox, sequence LIMIT ?2)
         ORDER BY place, isOurs, sequence LIMIT ?2`,
      )
      .all(conversation, limit) as { isOurs: 0 | 1; sequence: number }[] // the columns used
    const of = (isOurs: 0 | 1): number[] =>
      rows.filter((row) => row.isOurs === isOurs).map(({ sequence }) => sequence)
    return { inbox: of(0), outbox: of(1) }
  }

  /** Also deletes the turns that answered nothing that is kept, and reactions of ours. Answers the conversations. */
  delete({ inbox, outbox }: RowsOfMessages): number[] {
    if (outbox.length > 0) this.#requests.remember(outbox)
    const received = this.#delete('inbox', inbox)
    const sent = this.#delete('outbox', outbox)
    if (inbox.length > 0)
      this.#database
        .prepare('DELETE FROM reactions WHERE inbox IN (SELECT value FROM json_each(?))')
        .run(JSON.stringify(inbox))
    const rows = [...received, ...sent]
    for (const turn of new Set(rows.flatMap((row) => row.turn ?? []))) this.#deleteUnusedTurn(turn)
    return rows.map(({ conversation }) => conversation)
  }

  deleteTurns(sequences: readonly number[]): number[] {
    const rows = this.#database
      .prepare('DELETE FROM turns WHERE sequence IN (SELECT value FROM json_each(?)) RETURNING conversation')
      .all(JSON.stringify(sequences))
    // The column asked for.
    return (rows as { conversation: number }[]).map(({ conversation }) => conversation)
  }

  #delete(
    table: 'inbox' | 'outbox',
    sequences: readonly number[],
  ): { conversation: number; turn: string | null }[] {
    if (sequences.length === 0) return []
    // The columns asked for.
    return this.#database
      .prepare(
        `DELETE FROM ${table} WHERE sequence IN (SELECT value FROM json_each(?)) RETURNING conversation, turn`,
      )
      .all(JSON.stringify(sequences)) as { conversation: number; turn: string | null }[]
  }

  #deleteUnusedTurn(id: string): void {
    this.#database
      .prepare(
        `DELETE FROM turns WHERE id = ?1 AND state != 'open' AND NOT EXISTS (SELECT 1 FROM inbox WHERE turn = ?1)
           AND NOT EXISTS (SELECT 1 FROM outbox WHERE turn = ?1)`,
      )
      .run(id)
  }
}
