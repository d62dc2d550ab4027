import type { Database } from '../../storage/database/database.ts'

/** The person themselves, by writing; or a program that asks for them. */
export type PairingSource = 'person' | 'program'

export type PairingState = 'pending' | 'approved' | 'rejected' | 'expired'

/** Times are milliseconds since 1970. */
export interface PairingRow {
  sequence: number
  /** As an entry of `allowFrom`. */
  person: string
  /** The transport's own address of them. */
  address: string
  name: string | null
  /** Secret; `null` once there is a verdict. */
  code: string | null
  state: PairingState
  /** Our id of the message that carries the code; empty where a program asked. */
  message_id: string
  asked_at: number
  expires_at: number
  /** The inbox row in which an owner asked to allow this person. */
  asked_by: number | null
  source: PairingSource
  /** What the program said; `null` once there is a verdict. */
  reason: string | null
}

/** Whether the time of this request is over. One that an owner is allowing is not late. */
export function isOver({ state, expires_at, asked_by }: PairingRow, now: number): boolean {
  return state === 'pending' && expires_at <= now && asked_by === null
}

export type NewPairing = Omit<PairingRow, 'sequence' | 'state' | 'asked_by' | 'code'> & { code: string }

/** People who are remembered, those who asked last; who was rejected is not sent a code again. */
const MAX_PEOPLE = 1_000

/** Who asked for access, and what was decided. Methods that write run inside of the caller's transaction. */
export class PairingStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** Pending requests, oldest first, also those whose time is over. */
  pending(): PairingRow[] {
    return this.#all(`SELECT * FROM pairing WHERE state = 'pending' ORDER BY sequence`)
  }

  /** What is known of somebody under any of these entries. */
  of(entries: readonly string[]): PairingRow[] {
    return this.#all(
      'SELECT * FROM pairing WHERE person IN (SELECT value FROM json_each(?))',
      JSON.stringify(entries),
    )
  }

  /** How many people were asked for by this source since then; of themselves: were sent a code. */
  countSince(at: number, source: PairingSource): number {
    const row = this.#database
      .prepare('SELECT COUNT(*) AS people FROM pairing WHERE asked_at > ? AND source = ?')
      .get(at, source)
    // The column asked for.
    return (row as { people: number }).people
  }

  /** Whether this message of the outbox carries the code of a pending request. */
  hasCode(messageId: string): boolean {
    const row = this.#database
      .prepare(`SELECT 1 FROM pairing WHERE message_id = ? AND state = 'pending'`)
      .get(messageId)
    return row !== undefined
  }

  /** The same, where its time is not over. */
  isLive(messageId: string, now: number): boolean {
    const row = this.#database
      .prepare(`SELECT 1 FROM pairing WHERE message_id = ? AND state = 'pending' AND expires_at > ?`)
      .get(messageId, now)
    return row !== undefined
  }

  /** In the place of what was known of this person. */
  insert(row: NewPairing): void {
    this.#database
      .prepare(
        `INSERT OR REPLACE INTO pairing (person, address, name, code, state, message_id, asked_at, expires_at, source, reason)
         VALUES (?, ?, ?, ?, 'pending', ?, ?, ?, ?, ?)`,
      )
      .run(
        row.person,
        row.address,
        row.name,
        row.code,
        row.message_id,
        row.asked_at,
        row.expires_at,
        row.source,
        row.reason,
      )
    this.#database
      .prepare(
        `DELETE FROM pairing WHERE state != 'pending' AND sequence IN
           (SELECT sequence FROM pairing ORDER BY asked_at DESC LIMIT -1 OFFSET ?)`,
      )
      .run(MAX_PEOPLE)
  }

  /** Code and reason are gone with it. */
  settle(sequence: number, state: Exclude<PairingState, 'pending'>): void {
    this.#database
      .prepare('UPDATE pairing SET state = ?, code = NULL, reason = NULL, asked_by = NULL WHERE sequence = ?')
      .run(state, sequence)
  }

  setAskedBy(sequence: number, inbox: number | null): void {
    this.#database.prepare('UPDATE pairing SET asked_by = ? WHERE sequence = ?').run(inbox, sequence)
  }

  /** Also what was decided. */
  forget(entries: readonly string[]): void {
    this.#database
      .prepare('DELETE FROM pairing WHERE person IN (SELECT value FROM json_each(?))')
      .run(JSON.stringify(entries))
  }

  forgetAll(): void {
    this.#database.prepare('DELETE FROM pairing').run()
  }

  #all(sql: string, ...parameters: string[]): PairingRow[] {
    // The columns of the table, which only this class writes.
    return this.#database.prepare(sql).all(...parameters)
  }
}
