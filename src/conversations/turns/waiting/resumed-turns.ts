import type { AccountConfig } from '../../../config/model.ts'
import type { MessageClock } from '../../message-clock.ts'
import type { InboxRow, InboxStore } from '../../store/inbox-store.ts'

const MINUTE_MS = 60_000

export interface ResumedTurnsDependencies {
  inbox: Pick<InboxStore, 'lastSequence'>
  clock: MessageClock
  config: () => Pick<AccountConfig, 'catchUp'>
}

/** What was asked in an earlier life, and whether an answer to it would surprise by now. */
export class ResumedTurns {
  readonly #deps: ResumedTurnsDependencies
  /** Up to this inbox row, and when we were back, by the clock of messages. */
  #resumed: { until: number; at: number } | null = null

  constructor(deps: ResumedTurnsDependencies) {
    this.#deps = deps
  }

  /** A new life begins. */
  start(): void {
    this.#resumed = null
    this.recall()
  }

  /** False while WhatsApp has not told its time: how old a question is cannot be said, and an answer could not go out. */
  recall(): boolean {
    const { inbox, clock } = this.#deps
    if (this.#resumed === null && clock.isKnown)
      this.#resumed = { until: inbox.lastSequence(), at: clock.now() }
    return this.#resumed !== null
  }

  /** We were away for too long. */
  isStale(rows: readonly Pick<InboxRow, 'sequence' | 'sent_at'>[]): boolean {
    if (this.#resumed === null) return false
    const { until, at } = this.#resumed
    const oldest = at - this.#deps.config().catchUp.maxAgeMinutes * MINUTE_MS
    return rows.every(({ sequence, sent_at }) => sequence <= until && sent_at < oldest)
  }
}
