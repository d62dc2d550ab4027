import { KeyedBuckets } from '../limits/keyed-buckets.ts'
import { TokenBucket } from '../limits/token-bucket.ts'

const FAILURES_PER_SOURCE = { burst: 30, perSecond: 0.5 }
/** Of all sources together: a client behind a proxy can claim any address. */
const FAILURES = { burst: 300, perSecond: 5 }

/**
 * Counts wrong tokens and codes by source, and all together. A correct token is never delayed by it, so that the owner
 * cannot be locked out.
 */
export class AttemptLimit {
  readonly #now: () => Date
  readonly #all: TokenBucket
  readonly #sources = new KeyedBuckets(FAILURES_PER_SOURCE)

  constructor(now: () => Date) {
    this.#now = now
    this.#all = new TokenBucket(FAILURES, now().getTime())
  }

  /** Records a failure; true when there were too many recently. */
  failed(source: string): boolean {
    const nowMs = this.#now().getTime()
    return !this.#sources.take(source, nowMs) || !this.#all.take(nowMs)
  }
}
