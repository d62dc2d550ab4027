/** How often the watch looks. */
const TICK_MS = 5_000
/** Time that passed without a tick: the machine slept, or the process was stopped. */
const ASLEEP_MS = 60_000
/** WhatsApp answers a ping every 30 s, so silence this long is no quiet chat. */
const SILENT_MS = 75_000
/** A message that came in and of which nothing came out. */
const DEAF_MS = 60_000

export interface LinkWatchDependencies {
  now: () => number
  /** When the last frame came; `null` unless the link is open. Milliseconds since the epoch. */
  lastFrameAt(): number | null
  /** When the oldest message came whose verdict has not fallen. */
  oldestOpenMessageAt(): number | null
  silent(): void
  deaf(): void
  /** The clock jumped: whatever the socket seems to be, nothing is known of it. */
  woke(): void
}

/**
 * Watches that an open link works. It looks at frames and at what became of messages, never at how much people chat: a
 * quiet, healthy link is left alone for ever.
 */
export class LinkWatch {
  readonly #dependencies: LinkWatchDependencies
  #timer: NodeJS.Timeout | undefined
  #lastTickAt = 0

  constructor(dependencies: LinkWatchDependencies) {
    this.#dependencies = dependencies
  }

  start(): void {
    this.#lastTickAt = this.#dependencies.now()
    this.#timer ??= setInterval(() => this.tick(), TICK_MS)
    this.#timer.unref()
  }

  /** Idempotent. */
  stop(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  /** One look. */
  tick(): void {
    const { now, lastFrameAt, oldestOpenMessageAt, silent, deaf, woke } = this.#dependencies
    const at = now()
    const asleepMs = at - this.#lastTickAt - TICK_MS
    this.#lastTickAt = at
    if (asleepMs > ASLEEP_MS) {
      woke()
      return
    }
    const frameAt = lastFrameAt()
    if (frameAt === null) return
    if (at - frameAt > SILENT_MS) {
      silent()
      return
    }
    const messageAt = oldestOpenMessageAt()
    if (messageAt !== null && at - messageAt > DEAF_MS) deaf()
  }
}
