import { TokenBucket } from './token-bucket.ts'

const FAILURES = { burst: 30, perSecond: 0.5 }

/**
 * Counts wrong tokens and codes of everybody together: behind a tunnel all callers have one address. A right one is
 * never held up by it, so that nobody can lock the owner out.
 */
export class AttemptLimit {
  readonly #now: () => Date
  readonly #bucket: TokenBucket

  constructor(now: () => Date) {
    this.#now = now
    this.#bucket = new TokenBucket(FAILURES, now().getTime())
  }

  /** Records a failure; true when there were too many lately. */
  failed(): boolean {
    return !this.#bucket.take(this.#now().getTime())
  }
}
