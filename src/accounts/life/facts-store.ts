import { isRecord } from '../../protocol/is-record.ts'
import { REASONS, type ReasonCode } from '../../protocol/reasons.ts'
import type { Database } from '../../storage/database/database.ts'
import { storedTime } from '../../storage/database/stored-time.ts'

/** What must outlive a restart about a link. Times in milliseconds since the epoch. */
export interface LinkRecord {
  failures: number
  /** Why the account is at rest; a `logged_out` stays one after a restart. */
  reason: ReasonCode | null
  linkedSince: number | null
  /** The number that was linked last, E.164. */
  linkedNumber: string | null
  /** Where the link was taken over from, and when the newest file there was changed; `null` for a link that was made here. */
  importedFrom: { directory: string; changedAt: number } | null
}

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
    const { failures, reason, linkedSince, linkedNumber, importedFrom } = parseRecord(row?.value ?? '{}')
    return {
      failures: isCount(failures) ? failures : 0,
      reason: isReasonCode(reason) ? reason : null,
      linkedSince: isCount(linkedSince) ? storedTime(linkedSince).getTime() : null,
      linkedNumber: typeof linkedNumber === 'string' ? linkedNumber : null,
      importedFrom: parseImport(importedFrom),
    }
  }
}

/** Nothing where it cannot be read: a link does not depend on what is remembered of it. */
function parseRecord(json: string): Partial<Record<keyof LinkRecord, unknown>> {
  try {
    const value: unknown = JSON.parse(json)
    return isRecord(value) ? value : {}
  } catch {
    return {}
  }
}

function parseImport(value: unknown): LinkRecord['importedFrom'] {
  if (!isRecord(value)) return null
  const { directory, changedAt } = value
  return typeof directory === 'string' && isCount(changedAt) ? { directory, changedAt } : null
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && value >= 0
}

function isReasonCode(value: unknown): value is ReasonCode {
  return typeof value === 'string' && Object.hasOwn(REASONS, value)
}
