/** How long something took, counted in buckets: what a histogram of Prometheus is made of. Plain numbers, no timer. */
export class Distribution {
  /** The upper bound of each bucket, ascending, in seconds. */
  readonly bounds: readonly number[]
  /** By bucket, not added up; the last one has no bound. */
  readonly #counts: number[]
  #sum = 0

  constructor(bounds: readonly number[]) {
    this.bounds = bounds
    this.#counts = Array.from({ length: bounds.length + 1 }, () => 0)
  }

  observe(seconds: number): void {
    let bucket = 0
    while (bucket < this.bounds.length && seconds > (this.bounds[bucket] ?? 0)) bucket += 1
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1
    this.#sum += seconds
  }

  /** In seconds. */
  get sum(): number {
    return this.#sum
  }

  /** How many were at most as long as each bound; the last one is how many there are. */
  cumulative(): readonly number[] {
    let below = 0
    return this.#counts.map((count) => (below += count))
  }
}
