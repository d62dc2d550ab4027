const HOUR_MS = 3_600_000
/** Beyond five failed requests for files in an hour 360dialog answers none for an hour (its documentation of media). */
const MAX_AN_HOUR = 4

/** Counts failed requests for files, where a provider punishes them. */
export class FailedRequests {
  readonly #now: () => number
  #at: number[] = []

  constructor(now: () => number) {
    this.#now = now
  }

  /** One more could end all. */
  get isFull(): boolean {
    this.#at = this.#at.filter((at) => at > this.#now() - HOUR_MS)
    return this.#at.length >= MAX_AN_HOUR
  }

  add(): void {
    this.#at.push(this.#now())
  }
}
