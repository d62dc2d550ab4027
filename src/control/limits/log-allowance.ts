import { TokenBucket } from './token-bucket.ts'

const LINES = { burst: 10, perSecond: 1 / 60 }

/** Bounds the lines of one kind that strangers can cause: ten at once, then one a minute. */
export class LogAllowance {
  readonly #now: () => Date
  readonly #lines: TokenBucket
  #leftOut = 0

  constructor(now: () => Date) {
    this.#now = now
    this.#lines = new TokenBucket(LINES, now().getTime())
  }

  /** Calls `write` with the number of lines left out since the last one, or counts one more. */
  line(write: (leftOut: number) => void): void {
    if (!this.#lines.take(this.#now().getTime())) {
      this.#leftOut += 1
      return
    }
    const leftOut = this.#leftOut
    this.#leftOut = 0
    write(leftOut)
  }
}
