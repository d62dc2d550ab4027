/** More than this many callers are not kept waiting. */
const MAX_WAITING = 256

/** Runs jobs one after the other, in the order they came. A job that fails does not stop the next. */
export class SerialWork {
  readonly #refusal: () => Error
  #last: Promise<unknown> = Promise.resolve()
  #waiting = 0

  /** `refusal` makes the error of a job for which there is no place. */
  constructor(refusal: () => Error) {
    this.#refusal = refusal
  }

  /** Rejects with the refusal when too many jobs wait already, and with what the job rejects with. */
  async run<T>(job: () => Promise<T>): Promise<T> {
    if (this.#waiting >= MAX_WAITING) throw this.#refusal()
    this.#waiting += 1
    const result = this.#last.then(job).finally(() => {
      this.#waiting -= 1
    })
    this.#last = result.catch(() => undefined)
    return result
  }

  /** Resolves when everything that has been given so far is done. */
  async settled(): Promise<void> {
    await this.#last
  }
}
