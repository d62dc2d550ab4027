import { DaemonError } from '../../protocol/errors.ts'
import type { Database } from '../../storage/database/database.ts'

const DAY_MS = 86_400_000

/** How many people were written to for the first time in the last 24 hours. Counted over restarts, whatever becomes of the messages. */
export class FirstContacts {
  readonly #database: Database
  readonly #perDay: () => number

  constructor(database: Database, perDay: () => number) {
    this.#database = database
    this.#perDay = perDay
  }

  /** One more. Inside of a transaction. Throws `DaemonError` (`first_contacts_exhausted`) where that would be too many. */
  take(now: number): void {
    const perDay = this.#perDay()
    this.#database.prepare('DELETE FROM first_contacts WHERE at <= ?').run(now - DAY_MS)
    // The column asked for. Those that a clock had dated ahead count as well.
    const rows = this.#database.prepare('SELECT at FROM first_contacts ORDER BY at').all() as { at: number }[]
    if (rows.length >= perDay) throw exhausted(perDay, rows[rows.length - perDay]?.at, now)
    this.#database.prepare('INSERT INTO first_contacts (at) VALUES (?)').run(now)
  }
}

function exhausted(perDay: number, oldest: number | undefined, now: number): DaemonError {
  if (perDay === 0)
    return new DaemonError('first_contacts_exhausted', {
      message: 'The config lets nobody be written to who never wrote (pace.firstContactsPerDay is 0).',
      action: 'Ask the person to write first, or raise pace.firstContactsPerDay in the config file.',
      details: { until: null, perDay },
    })
  const until = new Date((oldest ?? now) + DAY_MS).toISOString()
  return new DaemonError('first_contacts_exhausted', {
    message: `As many new people as the config allows in a day (${perDay}) were written to; the next one is free at ${until}.`,
    details: { until, perDay },
  })
}
