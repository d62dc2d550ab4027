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
 * arrives. A time from before WhatsApp has told its clock is this machine's, until it is known by how much that one is wrong.
 */
export class Pauses {
  readonly #database: Database
  readonly #clock: MessageClock
  #pauses: Pause[] = []

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
  }

  /** The account is enabled or paused now. Throws `StorageError`. */
  follow(enabled: boolean): void {
    const isPaused = this.#pauses.at(-1)?.ended_at === null
    if (isPaused !== enabled) return
    const at = this.#clock.now()
    const estimated = this.#clock.isKnown ? 0 : 1
    this.#write(
      enabled
        ? () =>
            this.#database
              .prepare('UPDATE pauses SET ended_at = ?, end_estimated = ? WHERE ended_at IS NULL')
              .run(at, estimated)
        : () => {
            this.#database
              .prepare('INSERT INTO pauses (started_at, start_estimated) VALUES (?, ?)')
              .run(at, estimated)
            this.#database
              .prepare(
                'DELETE FROM pauses WHERE sequence NOT IN (SELECT sequence FROM pauses ORDER BY sequence DESC LIMIT ?)',
              )
              .run(MAX_PAUSES)
          },
    )
  }

  /** WhatsApp has told its time: corrects what was written down by this machine's. Throws `StorageError`. */
  correct(): void {
    if (!this.#clock.isKnown) return
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
      ({ started_at: from, ended_at: until }) =>
        sentAt >= from - PRECISION_MS && (until === null || sentAt < until - PRECISION_MS),
    )
  }

  #write(write: () => void): void {
    this.#database.transaction(() => write())
    this.load()
  }
}
