import type { Logger } from 'pino'
import type { LinkSupervisor } from './link-supervisor.ts'
import { LinkWatch, type WatchTimings } from './link-watch.ts'
import type { MessageIntake } from '../inbound/message-intake.ts'
import type { MessageJournal } from '../inbound/message-journal.ts'
import type { SendWatch } from './send-watch.ts'

export interface LinkRecoveryDependencies {
  supervisor: LinkSupervisor
  intake: MessageIntake
  journal: MessageJournal
  sends: SendWatch
  /** Whether the link is open. */
  ready(): boolean
  storageFailed(error: unknown): void
  timings: Partial<WatchTimings> | undefined
  logger: Logger
  now: () => number
}

/** Watches an account's link, and replaces its socket when that does not work any more. */
export class LinkRecovery {
  readonly #deps: LinkRecoveryDependencies
  readonly #watch: LinkWatch

  constructor(deps: LinkRecoveryDependencies) {
    const { supervisor, journal, sends, ready, timings, now } = deps
    this.#deps = deps
    this.#watch = new LinkWatch({
      now,
      lastFrameAt: () => (ready() ? supervisor.lastFrameAt : null),
      timings,
      oldestOpenMessageAt: () => {
        const oldest = journal.oldestOpenAt
        // While messages are dealt with one after the other, those behind only wait for their turn.
        return oldest === null ? null : Math.max(oldest, supervisor.turnSince ?? 0)
      },
      unansweredSendSince: () => sends.unansweredSince,
      probe: () => supervisor.probe(),
      silent: () => supervisor.replace('connection_stale'),
      deaf: () => void this.#recoverFromDeafness(),
      stalled: () => this.#recoverFromStall(),
      woke: () => this.#wakeUp(),
    })
  }

  start(): void {
    this.#watch.start()
  }

  /** Idempotent. */
  stop(): void {
    this.#watch.stop()
  }

  /** Messages came in and nothing came out: what can be rebuilt is, and the socket is replaced. */
  async #recoverFromDeafness(): Promise<void> {
    const { logger, intake, supervisor, storageFailed } = this.#deps
    logger.warn('messages came in and nothing came of them: the socket is replaced')
    try {
      await intake.replay()
    } catch (error) {
      storageFailed(error)
      return
    }
    supervisor.replace('connection_stale')
  }

  /** WhatsApp is there and answers nothing that we send: another connection may help; if not, they get rarer. */
  #recoverFromStall(): void {
    const { logger, sends, supervisor, now } = this.#deps
    if (!sends.takeReplacement(now())) return
    logger.warn('nothing that goes out is acknowledged: the socket is replaced')
    supervisor.replace('connection_stale')
  }

  /** Only where an attempt is under way or planned anyway: a ban does not end because somebody slept. */
  #wakeUp(): void {
    const { supervisor } = this.#deps
    const { phase, linked } = supervisor.state
    if (linked && (phase === 'open' || phase === 'connecting' || phase === 'waiting'))
      supervisor.dispatch({ type: 'reconnect', reason: 'woke_up' })
  }
}
