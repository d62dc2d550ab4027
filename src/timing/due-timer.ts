const MINUTE_MS = 60_000
/** The clock may be set meanwhile. */
const MAX_WAKE_MS = 10 * MINUTE_MS
/** After the disk refused a write. */
const STORAGE_RETRY_MS = 5_000

export interface DueTimerDependencies {
  /** When the next thing is due, milliseconds since 1970; `null` where nothing is. */
  nextEnd: () => number | null
  /** Whether what is due may happen at all; whoever says no calls `look` when that changes. */
  isReady: () => boolean
  /** Does what is due now. It may throw, and is tried again. */
  endDue: () => void
  failed: (error: unknown) => void
  now: () => Date
}

/** Does stored things in their time, with one timer for all of them, and none while nothing is due. */
export class DueTimer {
  readonly #deps: DueTimerDependencies
  #timer: NodeJS.Timeout | null = null
  #isStarted = false

  constructor(deps: DueTimerDependencies) {
    this.#deps = deps
  }

  start(): void {
    this.#isStarted = true
    this.look()
  }

  /** Idempotent. */
  stop(): void {
    this.#isStarted = false
    this.#clear()
  }

  /** Does what is due now, and waits for the next. Never throws. */
  look(): void {
    if (!this.#isStarted) return
    try {
      if (this.#deps.isReady()) this.#deps.endDue()
      this.schedule()
    } catch (error) {
      this.#deps.failed(error)
      this.#wakeIn(STORAGE_RETRY_MS)
    }
  }

  /** What is due next may be another thing. */
  schedule(): void {
    this.#clear()
    if (!this.#isStarted || !this.#deps.isReady()) return
    const next = this.#deps.nextEnd()
    if (next === null) return
    this.#wakeIn(Math.min(MAX_WAKE_MS, Math.max(0, next - this.#deps.now().getTime())))
  }

  #wakeIn(delayMs: number): void {
    this.#clear()
    this.#timer = setTimeout(() => this.look(), delayMs)
    this.#timer.unref()
  }

  #clear(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
  }
}
