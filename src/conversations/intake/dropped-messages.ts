import type { Logger } from 'pino'
import type { EventPublisher } from '../../protocol/events.ts'

/** A flood is reported once in this time. */
const REPORT_EVERY_MS = 3_600_000

export interface DroppedMessagesDependencies {
  account: string
  publish: EventPublisher['publish']
  logger: Logger
  now: () => Date
}

/** Counts the messages that were deleted unread because there was no more room, and reports them: at once, then hourly at most. */
export class DroppedMessages {
  readonly #deps: DroppedMessagesDependencies
  #unreported = 0
  #reportedAt: number | null = null

  constructor(deps: DroppedMessagesDependencies) {
    this.#deps = deps
  }

  add(count: number): void {
    const { account, publish, logger, now } = this.#deps
    const at = now()
    this.#unreported += count
    if (this.#reportedAt !== null && Math.abs(at.getTime() - this.#reportedAt) < REPORT_EVERY_MS) return
    logger.warn(
      { dropped: this.#unreported },
      'messages of senders whose number is not known were deleted: there was no more room to hold them',
    )
    publish('message.dropped', { account, count: this.#unreported, at: at.toISOString() })
    this.#unreported = 0
    this.#reportedAt = at.getTime()
  }
}
