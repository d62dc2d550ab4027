import type { Rate } from './limits.ts'

/** Allows `burst` calls at once and `perSecond` in the long run. Times in milliseconds. */
export class TokenBucket {
  readonly #burst: number
  readonly #perSecond: number
  #tokens: number
  #filledAtMs: number

  constructor(limits: Rate, nowMs: number) {
    this.#burst = limits.burst
    this.#perSecond = limits.perSecond
    this.#tokens = limits.burst
    this.#filledAtMs = nowMs
  }

  /** Takes one, or `cost`; false when there are not that many left. */
  take(nowMs: number, cost = 1): boolean {
    const elapsedSeconds = Math.max(0, nowMs - this.#filledAtMs) / 1_000
    this.#tokens = Math.min(this.#burst, this.#tokens + elapsedSeconds * this.#perSecond)
    this.#filledAtMs = nowMs
    if (this.#tokens < cost) return false
    this.#tokens -= cost
    return true
  }
}
