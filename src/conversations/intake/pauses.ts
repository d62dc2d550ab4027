import type { Database } from '../../storage/database/database.ts'
import type { MessageClock } from '../message-clock.ts'

/** WhatsApp dates messages in whole seconds, and tells its time so. */
const PRECISION_MS = 1_000
/** The oldest ones go. Nobody switches so often that messages of that time are still on their way. */
const MAX_PAUSES = 500

interface Pause {
  sequence: number
  started_at: number
  start_estimated: 0 | 1
  ended_at: number | null
  end_estimated: 0 | 1
}

/**
 * When the account was paused, by the clock that dates messages: what was sent then is never answered, however late it
 * arrives. Each time is noted as this machine's, and corrected when WhatsApp tells its time the next time: what it told before
 * says nothing about a clock that was set since.
 */
export class Pauses {
  readonly #database: Database
  readonly #clock: MessageClock
  #pauses: Pause[] = []
  /** How often WhatsApp had told its time when the estimated times were noted, or read from disk. */
  #readings = 0

  constructor(database: Database, clock: MessageClock) {
    this.#database = database
    this.#clock = clock
  }

  /** Reads what is stored. */
  load(): void {
    // The columns asked for, which only this class writes.
    this.#pauses = this.#database
      .prepare(
        'SELECT sequence, started_at, start_estimated, ended_at, end_estimated FROM pauses ORDER BY sequence',
      )
      .all()
    this.#readings = this.#clock.readings
  }

  /** The account is enabled or paused now. Throws `StorageError`. */
  follow(enabled: boolean): void {
    const isPaused = this.#pauses.at(-1)?.ended_at === null
    if (isPaused !== enabled) return
    // What is noted already belongs to the time that was told before this change.
    this.correct()
    const at = this.#clock.machineTime()
    this.#write(
      enabled
        ? () =>
            this.#database
              .prepare('UPDATE pauses SET ended_at = ?, end_estimated = 1 WHERE ended_at IS NULL')
              .run(at)
        : () => {
            this.#database.prepare('INSERT INTO pauses (started_at, start_estimated) VALUES (?, 1)').run(at)
            this.#database
              .prepare(
                'DELETE FROM pauses WHERE sequence NOT IN (SELECT sequence FROM pauses ORDER BY sequence DESC LIMIT ?)',
              )
              .run(MAX_PAUSES)
          },
    )
  }

  /** Corrects what was noted by this machine's clock, once WhatsApp has told its time since. Throws `StorageError`. */
  correct(): void {
    if (this.#clock.readings === this.#readings) return
    if (!this.#pauses.some(({ start_estimated: start, end_estimated: end }) => start + end > 0)) return
    this.#write(() =>
      this.#database
        .prepare(
          `UPDATE pauses SET started_at = started_at + ?1 * start_estimated, start_estimated = 0,
             ended_at = ended_at + ?1 * end_estimated, end_estimated = 0
           WHERE start_estimated = 1 OR end_estimated = 1`,
        )
        .run(this.#clock.offsetMs),
    )
  }

  /** Whether a message of this time was sent while the account was paused. Milliseconds since 1970. */
  covers(sentAt: number): boolean {
    return this.#pauses.some(
      ({
        started_at: from,
        start_estimated: isFromEstimated,
        ended_at: until,
        end_estimated: isUntilEstimated,
      }) =>
        sentAt >= this.#shown(from, isFromEstimated) - PRECISION_MS &&
        (until === null || sentAt < this.#shown(until, isUntilEstimated) - PRECISION_MS),
    )
  }

  /** A noted time on WhatsApp's clock, as far as its time is known. */
  #shown(at: number, isEstimated: 0 | 1): number {
    return isEstimated === 1 ? at + this.#clock.offsetMs : at
  }

  #write(write: () => void): void {
    this.#database.transaction(() => write())
    this.load()
  }
}
