/** Full at first; each take needs one token, and one comes back every `refillMs`. Times in milliseconds. Both may change while it is in use. */
export class TokenBucket {
  readonly #limits: { capacity: () => number; refillMs: () => number }
  #tokens = Number.POSITIVE_INFINITY
  #at = 0

  constructor(limits: { capacity: () => number; refillMs: () => number }) {
    this.#limits = limits
  }

  /** How long until a token is there; 0 when one is. */
  waitMs(now: number): number {
    this.#refill(now)
    return this.#tokens >= 1 ? 0 : Math.ceil((1 - this.#tokens) * this.#limits.refillMs())
  }

  /** Also where none is there, which is owed then: answers how long it takes until the one that was taken is there. */
  take(now: number): number {
    this.#refill(now)
    this.#tokens -= 1
    return this.#tokens >= 0 ? 0 : Math.ceil(-this.#tokens * this.#limits.refillMs())
  }

  /** A clock that was set back refills nothing. */
  #refill(now: number): void {
    const refill = Math.max(0, now - this.#at) / this.#limits.refillMs()
    this.#tokens = Math.min(this.#limits.capacity(), this.#tokens + refill)
    this.#at = now
  }
}
