/** Time that passed without a tick: the machine slept, the process was stopped, or somebody set the clock. */
const CLOCK_JUMP_MS = 60_000

/** Milliseconds. Shortened by tests. */
export interface WatchTimings {
  /** How often the watch looks. */
  tickMs: number
  /** WhatsApp answers a ping every 30 s, so silence this long is no quiet chat. */
  silentMs: number
  /** How often we ask whether WhatsApp is there, whatever else it sends. */
  probeEveryMs: number
  /** A message that came in and of which nothing came out. */
  deafMs: number
  /** Messages that went out and of which none was acknowledged or refused. */
  stallMs: number
}

const TIMINGS: WatchTimings = {
  tickMs: 5_000,
  silentMs: 75_000,
  probeEveryMs: 50_000,
  deafMs: 60_000,
  stallMs: 60_000,
}

export interface LinkWatchDependencies {
  now: () => number
  timings?: Partial<WatchTimings> | undefined
  /** When the last frame came; `null` unless the link is open. Milliseconds since the epoch. */
  lastFrameAt(): number | null
  /** When the oldest message came whose verdict has not fallen. */
  oldestOpenMessageAt(): number | null
  /** Since when nothing that we send is answered. */
  unansweredSendSince(): number | null
  /** Asks WhatsApp for a sign of life; true when it came, or the link changed meanwhile. Never rejects. */
  probe(): Promise<boolean>
  /** Nothing comes, or nothing that answers us. */
  silent(): void
  deaf(): void
  stalled(): void
  /** The clock jumped: whatever the socket seems to be, nothing is known of it. */
  woke(): void
}

/**
 * Watches that an open link works, and notices within 90 seconds when it does not. It looks at frames, at answers and at
 * what became of messages, never at how much people chat: a quiet, healthy link is left alone for ever.
 */
export class LinkWatch {
  readonly #deps: LinkWatchDependencies
  readonly #timings: WatchTimings
  #timer: NodeJS.Timeout | undefined
  #lastTickAt = 0
  #probedAt = 0
  #probing = false

  constructor(deps: LinkWatchDependencies) {
    this.#deps = deps
    this.#timings = { ...TIMINGS, ...deps.timings }
  }

  start(): void {
    this.#lastTickAt = this.#deps.now()
    this.#timer ??= setInterval(() => this.tick(), this.#timings.tickMs)
    this.#timer.unref()
  }

  /** Idempotent. */
  stop(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  /** One look. */
  tick(): void {
    const { now, lastFrameAt, oldestOpenMessageAt, unansweredSendSince } = this.#deps
    const { silent, deaf, stalled, woke } = this.#deps
    const { tickMs, silentMs, deafMs, stallMs, probeEveryMs } = this.#timings
    const at = now()
    const jumpMs = at - this.#lastTickAt - tickMs
    this.#lastTickAt = at
    const frameAt = lastFrameAt()
    if (Math.abs(jumpMs) > CLOCK_JUMP_MS || frameAt === null) this.#probedAt = at
    if (Math.abs(jumpMs) > CLOCK_JUMP_MS) return woke()
    if (frameAt === null) return
    const olderThan = (since: number | null, limitMs: number): boolean =>
      since !== null && at - since > limitMs
    if (olderThan(frameAt, silentMs)) silent()
    else if (olderThan(oldestOpenMessageAt(), deafMs)) deaf()
    else if (olderThan(unansweredSendSince(), stallMs)) stalled()
    else if (at - this.#probedAt >= probeEveryMs && !this.#probing) void this.#probe(at)
  }

  /** A lost answer is no proof; two are. */
  async #probe(at: number): Promise<void> {
    const { probe, silent } = this.#deps
    this.#probing = true
    this.#probedAt = at
    const isThere = (await probe()) || (await probe())
    this.#probing = false
    if (!isThere) silent()
  }
}
