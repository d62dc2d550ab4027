import { REASONS, type ReasonCode } from '../protocol/reasons.ts'
import type { Database } from '../storage/database.ts'

/** What must outlive a restart about a link. Times in milliseconds since the epoch. */
export interface LinkRecord {
  failures: number
  /** Why the account is at rest; a `logged_out` stays one after a restart. */
  reason: ReasonCode | null
  linkedSince: number | null
  /** The number that was linked last, E.164. */
  linkedNumber: string | null
}

const EMPTY: LinkRecord = { failures: 0, reason: null, linkedSince: null, linkedNumber: null }
const NAME = 'link'

/** Reads and writes the link's record; writes only what changed. */
export class FactsStore {
  readonly #database: Database
  #record: LinkRecord

  constructor(database: Database) {
    this.#database = database
    this.#record = this.#read()
  }

  get link(): LinkRecord {
    return this.#record
  }

  update(change: Partial<LinkRecord>): void {
    const next = { ...this.#record, ...change }
    if (JSON.stringify(next) === JSON.stringify(this.#record)) return
    this.#record = next
    this.#database.transaction(() => {
      this.#database
        .prepare(
          'INSERT INTO facts (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
        )
        .run(NAME, JSON.stringify(next))
    })
  }

  #read(): LinkRecord {
    const row = this.#database.prepare('SELECT value FROM facts WHERE name = ?').get(NAME) as
      | { value: string }
      | undefined
    if (row === undefined) return EMPTY
    const { failures, reason, linkedSince, linkedNumber } = JSON.parse(row.value) as Partial<
      Record<keyof LinkRecord, unknown>
    >
    return {
      failures: typeof failures === 'number' ? failures : 0,
      reason: typeof reason === 'string' && reason in REASONS ? (reason as ReasonCode) : null,
      linkedSince: typeof linkedSince === 'number' ? linkedSince : null,
      linkedNumber: typeof linkedNumber === 'string' ? linkedNumber : null,
    }
  }
}
