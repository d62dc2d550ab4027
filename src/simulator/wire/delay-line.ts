/** Timers may fire this much early. */
const TIMER_PRECISION_MS = 1

/** Runs actions in their order, each after a delay that may differ. */
export class DelayLine {
  readonly #delayMs: () => number
  readonly #waiting: { action: () => void; dueMs: number }[] = []
  #timer: NodeJS.Timeout | undefined

  constructor(delayMs: () => number) {
    this.#delayMs = delayMs
  }

  run(action: () => void): void {
    const delayMs = this.#delayMs()
    if (delayMs <= 0 && this.#waiting.length === 0) {
      action()
      return
    }
    this.#waiting.push({ action, dueMs: delayMs + performance.now() })
    this.#schedule()
  }

  /** Drops what has not run yet. */
  stop(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#waiting.length = 0
  }

  #schedule(): void {
    const [next] = this.#waiting
    if (next === undefined || this.#timer !== undefined) return
    this.#timer = setTimeout(() => this.#runDue(), Math.max(0, next.dueMs - performance.now()))
  }

  #runDue(): void {
    this.#timer = undefined
    for (;;) {
      const [next] = this.#waiting
      if (next === undefined || next.dueMs > performance.now() + TIMER_PRECISION_MS) break
      this.#waiting.shift()
      next.action()
    }
    this.#schedule()
  }
}
