import type { Database } from '../../../storage/database/database.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** WhatsApp removes linked devices when the phone is offline for fourteen days; this leaves four to act. */
const WARN_AFTER_MS = 10 * DAY_MS
/** A phone that is merely off over night takes its copies within this time. */
const COPY_DEADLINE_MS = DAY_MS
const NAME = 'phone'

/** Times in milliseconds since the epoch. */
interface PhoneRecord {
  /** The last that the phone itself sent: a message, or the receipt of a copy. */
  seenAt: number | null
  /** The first message since then whose copy it has not confirmed. */
  silentSince: number | null
}

export interface PhonePresenceDependencies {
  database: Database
  now: () => number
  /** The record could not be written. */
  storageFailed(error: unknown): void
}

/**
 * What can be known of the phone behind a link. Nobody tells when it is online; but every message of ours goes to it as a
 * copy, and it confirms what it gets. So it is away when it confirms nothing although there was something to confirm: an
 * account that sends nothing proves nothing, and is never warned about.
 */
export class PhonePresence {
  readonly #deps: PhonePresenceDependencies
  #record: PhoneRecord
  #storedAt = 0

  constructor(deps: PhonePresenceDependencies) {
    this.#deps = deps
    this.#record = read(deps.database)
  }

  /** Since when the phone has shown no sign of life; `null` while nothing speaks for its being away. */
  get awaySince(): number | null {
    const { seenAt, silentSince } = this.#record
    if (seenAt === null || silentSince === null) return null
    const now = this.#deps.now()
    return now - seenAt >= WARN_AFTER_MS && now - silentSince >= COPY_DEADLINE_MS ? seenAt : null
  }

  /** The phone sent something, or has just been linked. */
  seen(): void {
    this.#keep({ seenAt: this.#deps.now(), silentSince: null })
  }

  /** WhatsApp took a message of ours, and a copy for the phone with it. */
  sent(): void {
    const now = this.#deps.now()
    this.#keep({ seenAt: this.#record.seenAt ?? now, silentSince: this.#record.silentSince ?? now })
  }

  /** On disk once an hour: against ten days nothing is lost with the rest. */
  #keep(record: PhoneRecord): void {
    this.#record = record
    const now = this.#deps.now()
    if (Math.abs(now - this.#storedAt) < HOUR_MS) return
    this.#storedAt = now
    const { database, storageFailed } = this.#deps
    try {
      database.transaction(() => {
        database
          .prepare(
            'INSERT INTO facts (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
          )
          .run(NAME, JSON.stringify(record))
      })
    } catch (error) {
      storageFailed(error)
    }
  }
}

function read(database: Database): PhoneRecord {
  const row = database.prepare('SELECT value FROM facts WHERE name = ?').get(NAME) as
    | { value: string }
    | undefined
  const stored = (row === undefined ? {} : JSON.parse(row.value)) as Partial<
    Record<keyof PhoneRecord, unknown>
  >
  const { seenAt, silentSince } = stored
  return {
    seenAt: typeof seenAt === 'number' ? seenAt : null,
    silentSince: typeof silentSince === 'number' ? silentSince : null,
  }
}
