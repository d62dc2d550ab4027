const DEFAULT_TIMEOUT_MS = 60_000

interface Waiter<T> {
  matches: (item: T) => boolean
  resolve: (item: T) => void
  reject: (error: Error) => void
  timer: NodeJS.Timeout
}

/** Records items in order and drops the oldest beyond a limit; tests wait for one of them. */
export class Recording<T> {
  readonly #limit: number
  readonly #items: T[] = []
  readonly #waiters = new Set<Waiter<T>>()

  constructor(limit = 10_000) {
    this.#limit = limit
  }

  /** The recorded items that are kept, oldest first. */
  get items(): readonly T[] {
    return this.#items
  }

  add(item: T): void {
    this.#items.push(item)
    if (this.#items.length > this.#limit) this.#items.splice(0, Math.ceil(this.#limit / 4))
    for (const waiter of this.#waiters) {
      if (!waiter.matches(item)) continue
      this.#settle(waiter)
      waiter.resolve(item)
    }
  }

  /** The first match, recorded already or later. Rejects with an error that names `what` after `timeoutMs`. */
  waitFor(matches: (item: T) => boolean, what: string, timeoutMs = DEFAULT_TIMEOUT_MS): Promise<T> {
    const present = this.#items.find(matches)
    if (present !== undefined) return Promise.resolve(present)
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#settle(waiter)
        reject(new Error(`no ${what} within ${timeoutMs} ms; ${this.#items.length} recorded`))
      }, timeoutMs)
      const waiter: Waiter<T> = { matches, resolve, reject, timer }
      this.#waiters.add(waiter)
    })
  }

  clear(): void {
    this.#items.length = 0
  }

  /** Ends every wait with an error. */
  stop(): void {
    for (const waiter of this.#waiters) {
      this.#settle(waiter)
      waiter.reject(new Error('the simulator was stopped'))
    }
  }

  #settle(waiter: Waiter<T>): void {
    clearTimeout(waiter.timer)
    this.#waiters.delete(waiter)
  }
}
