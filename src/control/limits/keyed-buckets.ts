import type { Rate } from './limits.ts'
import { TokenBucket } from './token-bucket.ts'

const MAX_KEYS = 1_000

/** The same rate for each key, such as a source of requests. Bounded: the key that was used longest ago begins anew. */
export class KeyedBuckets {
  readonly #rate: Rate
  readonly #buckets = new Map<string, TokenBucket>()

  constructor(rate: Rate) {
    this.#rate = rate
  }

  /** Takes one, or `cost`; false when the key has not that many left. Times in milliseconds. */
  take(key: string, nowMs: number, cost = 1): boolean {
    const bucket = this.#buckets.get(key) ?? new TokenBucket(this.#rate, nowMs)
    this.#buckets.delete(key)
    this.#buckets.set(key, bucket)
    for (const oldest of this.#buckets.keys()) {
      if (this.#buckets.size <= MAX_KEYS) break
      this.#buckets.delete(oldest)
    }
    return bucket.take(nowMs, cost)
  }
}
