import { TokenBucket } from './token-bucket.ts'

const FAILURES_PER_SOURCE = { burst: 30, perSecond: 0.5 }
/** Of everybody together: who is behind a proxy can call themselves anything. */
const FAILURES = { burst: 300, perSecond: 5 }
const MAX_SOURCES = 1_000

/**
 * Counts wrong tokens and codes by where they come from, and all together. A right one is never held up by it, so that
 * nobody can lock the owner out.
 */
export class AttemptLimit {
  readonly #now: () => Date
  readonly #all: TokenBucket
  /** The one that failed longest ago first. */
  readonly #sources = new Map<string, TokenBucket>()

  constructor(now: () => Date) {
    this.#now = now
    this.#all = new TokenBucket(FAILURES, now().getTime())
  }

  /** Records a failure; true when there were too many lately. */
  failed(source: string): boolean {
    const nowMs = this.#now().getTime()
    const bucket = this.#sources.get(source) ?? new TokenBucket(FAILURES_PER_SOURCE, nowMs)
    this.#sources.delete(source)
    this.#sources.set(source, bucket)
    for (const oldest of this.#sources.keys()) {
      if (this.#sources.size <= MAX_SOURCES) break
      this.#sources.delete(oldest)
    }
    return !bucket.take(nowMs) || !this.#all.take(nowMs)
  }
}
