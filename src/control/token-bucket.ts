/** Allows `burst` calls at once and `perSecond` in the long run. Times in milliseconds. */
export class TokenBucket {
  readonly #burst: number
  readonly #perSecond: number
  #tokens: number
  #filledAtMs: number

  constructor(limits: { burst: number; perSecond: number }, nowMs: number) {
    this.#burst = limits.burst
    this.#perSecond = limits.perSecond
    this.#tokens = limits.burst
    this.#filledAtMs = nowMs
  }

  /** Takes one; false when none is left. */
  take(nowMs: number): boolean {
    const elapsedSeconds = Math.max(0, nowMs - this.#filledAtMs) / 1_000
    this.#tokens = Math.min(this.#burst, this.#tokens + elapsedSeconds * this.#perSecond)
    this.#filledAtMs = nowMs
    if (this.#tokens < 1) return false
    this.#tokens -= 1
    return true
  }
}
