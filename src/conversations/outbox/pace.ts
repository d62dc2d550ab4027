const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000
/** A wait is lengthened by up to this share, so that replies do not tick like a machine. */
const JITTER = 0.25

export interface PaceLimits {
  perMinute: number
  perHour: number
}

/**
 * Limits how fast messages go out: two token buckets, full at first, so that a lively minute is not slowed down and a
 * long flood is.
 */
export class Pace {
  readonly #limits: () => PaceLimits
  readonly #random: () => number
  readonly #minute = new Bucket(MINUTE_MS)
  readonly #hour = new Bucket(HOUR_MS)

  constructor(limits: () => PaceLimits, random: () => number) {
    this.#limits = limits
    this.#random = random
  }

  /** Counts what went out before this process began; `sends` are times in milliseconds. */
  resume(sends: readonly number[], now: number): void {
    const { perMinute, perHour } = this.#limits()
    const within = (span: number): number => sends.filter((at) => at > now - span && at <= now).length
    this.#minute.start(perMinute, within(MINUTE_MS), now)
    this.#hour.start(perHour, within(HOUR_MS), now)
  }

  /** For messages without a pending caller: takes a place only where this share of both limits, one place at least, stays free; false otherwise. */
  takeSpare(now: number, share: number): boolean {
    const { perMinute, perHour } = this.#limits()
    if (!this.#minute.hasSpare(perMinute, now, share) || !this.#hour.hasSpare(perHour, now, share))
      return false
    this.#minute.take()
    this.#hour.take()
    return true
  }

  /** Takes a place and answers 0, or takes nothing and answers how long to wait, in milliseconds. */
  take(now: number): number {
    const { perMinute, perHour } = this.#limits()
    const wait = Math.max(this.#minute.wait(perMinute, now), this.#hour.wait(perHour, now))
    if (wait > 0) return Math.ceil(wait * (1 + this.#random() * JITTER))
    this.#minute.take()
    this.#hour.take()
    return 0
  }
}

class Bucket {
  readonly #spanMs: number
  #tokens = Number.POSITIVE_INFINITY
  #at = 0

  constructor(spanMs: number) {
    this.#spanMs = spanMs
  }

  start(capacity: number, used: number, now: number): void {
    this.#tokens = Math.max(0, capacity - used)
    this.#at = now
  }

  /** Whether this share of all tokens, one at least, is there when one more is taken. */
  hasSpare(capacity: number, now: number, share: number): boolean {
    this.#refill(capacity, now)
    return this.#tokens - 1 >= Math.max(1, capacity * share)
  }

  /** Milliseconds until a token is there; 0 when one is. */
  wait(capacity: number, now: number): number {
    this.#refill(capacity, now)
    return this.#tokens >= 1 ? 0 : ((1 - this.#tokens) * this.#spanMs) / capacity
  }

  take(): void {
    this.#tokens -= 1
  }

  /** A clock that was set back refills nothing. */
  #refill(capacity: number, now: number): void {
    const refill = (Math.max(0, now - this.#at) * capacity) / this.#spanMs
    this.#tokens = Math.min(capacity, this.#tokens + refill)
    this.#at = now
  }
}
