/**
 * Work that is asked for from many places: it runs soon after the first request, once for all of them, and never within
 * the caller, who may be a listener of something that must go on. Nothing runs before `start` and after `stop`.
 */
export class ScheduledWork {
  readonly #work: () => void
  #soon: NodeJS.Immediate | null = null
  #rest: NodeJS.Timeout | null = null
  #started = false

  /** `work` handles its own errors. */
  constructor(work: () => void) {
    this.#work = work
  }

  get started(): boolean {
    return this.#started
  }

  start(): void {
    this.#started = true
    this.request()
  }

  /** Idempotent. */
  stop(): void {
    this.#started = false
    if (this.#soon !== null) clearImmediate(this.#soon)
    if (this.#rest !== null) clearTimeout(this.#rest)
    this.#soon = null
    this.#rest = null
  }

  request(): void {
    if (!this.#started || this.#rest !== null) return
    this.#soon ??= setImmediate(() => {
      this.#soon = null
      // A request from before the failure.
      if (this.#rest === null) this.#work()
    })
  }

  /** After a failure: requests are ignored for this long, then the work runs. A rest that began before goes on. */
  restFor(delayMs: number): void {
    if (!this.#started) return
    this.#rest ??= setTimeout(() => {
      this.#rest = null
      this.request()
    }, delayMs)
  }
}
