import { TokenBucket } from './token-bucket.ts'

/** One message in six seconds to one person, of which 45 may go at once: the burst is borrowed from the time behind it (Meta, "Throughput"). */
const BURST = 45
const REFILL_MS = 6_000
/** After a refusal: 4^X s, X from 0 (the same page). */
const RETRY_BASE = 4
const MAX_RETRY_MS = 3_600_000
/** People remembered; the one that was written to first goes first. One that is forgotten begins with a full burst, and Meta refuses what is too much. */
const MAX_PEOPLE = 5_000

interface Pair {
  bucket: TokenBucket
  refusals: number
  /** Milliseconds since 1970. */
  refusedUntil: number
}

/** How fast messages may go to each person. */
export class PairRates {
  readonly #now: () => number
  readonly #pairs = new Map<string, Pair>()

  constructor(now: () => number) {
    this.#now = now
  }

  /** Until when nothing may go to this person, and why; `null` where it may. */
  heldUntil(address: string): { until: number; code: string; message: string } | null {
    const pair = this.#pairs.get(address)
    if (pair === undefined) return null
    const now = this.#now()
    const until = Math.max(now + pair.bucket.waitMs(now), pair.refusedUntil)
    if (until <= now) return null
    const message = 'WhatsApp takes one message in six seconds to one person, after a burst of 45.'
    return { until, code: 'pair_rate', message }
  }

  left(address: string): void {
    this.#of(address).bucket.take(this.#now())
  }

  accepted(address: string): void {
    const pair = this.#pairs.get(address)
    if (pair === undefined) return
    pair.refusals = 0
    pair.refusedUntil = 0
  }

  /** `waitMs`: what Meta names itself. */
  refused(address: string, waitMs: number | null): void {
    const pair = this.#of(address)
    const ownMs = 1_000 * RETRY_BASE ** Math.min(pair.refusals, 10)
    pair.refusedUntil = this.#now() + Math.min(MAX_RETRY_MS, waitMs ?? ownMs)
    pair.refusals += 1
  }

  #of(address: string): Pair {
    const limits = { capacity: () => BURST, refillMs: () => REFILL_MS }
    const pair = this.#pairs.get(address) ?? { bucket: new TokenBucket(limits), refusals: 0, refusedUntil: 0 }
    this.#pairs.delete(address)
    this.#pairs.set(address, pair)
    const [oldest] = this.#pairs.keys()
    if (this.#pairs.size > MAX_PEOPLE && oldest !== undefined) this.#pairs.delete(oldest)
    return pair
  }
}
