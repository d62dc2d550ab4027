const SECOND_MS = 1_000

/** How many there were in the last second. */
export class RateWindow {
  readonly #times: number[] = []

  /** Counts one more; false, and not counted, where there were `most` in the last second. */
  take(nowMs: number, most: number): boolean {
    while (this.#times[0] !== undefined && this.#times[0] <= nowMs - SECOND_MS) this.#times.shift()
    if (this.#times.length >= most) return false
    this.#times.push(nowMs)
    return true
  }
}
