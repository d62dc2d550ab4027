/** The time that an agent has for one answer. It stands still while a person is asked. */
export class TurnLimit {
  readonly #abort = new AbortController()
  #leftMs: number
  #startedAt = 0
  #timer: NodeJS.Timeout | undefined
  #pauses = 0

  constructor(limitMs: number) {
    this.#leftMs = limitMs
    this.#run()
  }

  /** Aborted when the time is over. */
  get signal(): AbortSignal {
    return this.#abort.signal
  }

  /** Settles as the work does; the time stands still meanwhile. */
  async during<Result>(work: Promise<Result>): Promise<Result> {
    if (this.#pauses === 0) this.#halt()
    this.#pauses += 1
    try {
      return await work
    } finally {
      this.#pauses -= 1
      if (this.#pauses === 0) this.#run()
    }
  }

  /** No timer is left. */
  end(): void {
    clearTimeout(this.#timer)
    this.#pauses = Number.POSITIVE_INFINITY
  }

  #run(): void {
    this.#startedAt = performance.now()
    this.#timer = setTimeout(() => this.#abort.abort(), this.#leftMs)
  }

  #halt(): void {
    clearTimeout(this.#timer)
    this.#leftMs = Math.max(0, this.#leftMs - (performance.now() - this.#startedAt))
  }
}
