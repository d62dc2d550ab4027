import { DaemonError } from '../../protocol/errors.ts'
import type { Database } from '../../storage/database/database.ts'
import { storedTime } from '../../storage/database/stored-time.ts'

const DAY_MS = 86_400_000

/** That nobody is asked for their phone number twice in a day. */
export class NumberRequests {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** Throws `DaemonError` (`rate_limited`) where the person of this conversation was asked within the last day. */
  require(conversation: number, now: number): void {
    const row = this.#database
      .prepare(
        `SELECT MAX(queued_at) AS last FROM outbox
         WHERE conversation = ? AND queued_at > ? AND state NOT IN ('failed', 'discarded')
           AND iif(json_valid(content), content ->> 'type', '') = 'number-request'`,
      )
      .get(conversation, now - DAY_MS)
    // The column asked for.
    const { last } = row as { last: number | null }
    if (last === null) return
    const until = storedTime(last + DAY_MS).toISOString()
    throw new DaemonError('rate_limited', {
      message: `This person was asked for their number within the last day; they may be asked again at ${until}.`,
      action: 'Wait for their answer, or ask in words.',
      details: { until },
    })
  }
}
