/** Work that is done later, unless everything was stopped before. */
export class DelayedWork {
  readonly #timers = new Set<NodeJS.Timeout>()
  #isStopped = false

  after(milliseconds: number, work: () => void): void {
    if (this.#isStopped) return
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      work()
    }, milliseconds)
    this.#timers.add(timer)
  }

  get isStopped(): boolean {
    return this.#isStopped
  }

  /** How much of it is still to be done. */
  get size(): number {
    return this.#timers.size
  }

  stop(): void {
    this.#isStopped = true
    for (const timer of this.#timers) clearTimeout(timer)
    this.#timers.clear()
  }
}
