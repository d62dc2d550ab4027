/** Timers by name: setting one replaces it. Delays beyond what Node can count are capped and simply fire early. */
const LONGEST_DELAY_MS = 2 ** 31 - 1

export class TimerSet<Name extends string> {
  readonly #timers = new Map<Name, NodeJS.Timeout>()

  set(name: Name, delayMs: number, run: () => void): void {
    this.cancel(name)
    const timer = setTimeout(
      () => {
        this.#timers.delete(name)
        run()
      },
      Math.min(Math.max(delayMs, 0), LONGEST_DELAY_MS),
    )
    this.#timers.set(name, timer)
  }

  cancel(name: Name): void {
    clearTimeout(this.#timers.get(name))
    this.#timers.delete(name)
  }

  clear(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer)
    this.#timers.clear()
  }
}
