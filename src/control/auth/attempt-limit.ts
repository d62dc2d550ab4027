import { KeyedBuckets } from '../limits/keyed-buckets.ts'
import { TokenBucket } from '../limits/token-bucket.ts'

const FAILURES_PER_SOURCE = { burst: 30, perSecond: 0.5 }
/** Of everybody together: who is behind a proxy can call themselves anything. */
const FAILURES = { burst: 300, perSecond: 5 }

/**
 * Counts wrong tokens and codes by where they come from, and all together. A right one is never held up by it, so that
 * nobody can lock the owner out.
 */
export class AttemptLimit {
  readonly #now: () => Date
  readonly #all: TokenBucket
  readonly #sources = new KeyedBuckets(FAILURES_PER_SOURCE)

  constructor(now: () => Date) {
    this.#now = now
    this.#all = new TokenBucket(FAILURES, now().getTime())
  }

  /** Records a failure; true when there were too many lately. */
  failed(source: string): boolean {
    const nowMs = this.#now().getTime()
    return !this.#sources.take(source, nowMs) || !this.#all.take(nowMs)
  }
}
