/** A bounded number of places; who comes when all are taken waits, first come, first served. */
export class Places {
  #free: number
  readonly #waiting = new Set<() => void>()

  /** `count`: how many there are, at least one. */
  constructor(count: number) {
    this.#free = count
  }

  /** Resolves with the call that gives the place back; it may be called again. Rejects with the reason of an aborted `signal`. */
  async take(signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted()
    if (this.#free > 0) this.#free -= 1
    else await this.#turn(signal)
    return this.#leaveOnce()
  }

  /** The same without a wait; `null` where all are taken. */
  takeNow(): (() => void) | null {
    if (this.#free <= 0) return null
    this.#free -= 1
    return this.#leaveOnce()
  }

  /** Nobody waits any more: not who does now, and not who comes later. */
  open(): void {
    this.#free = Number.POSITIVE_INFINITY
    for (const called of this.#waiting) called()
    this.#waiting.clear()
  }

  async #turn(signal: AbortSignal): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const called = (): void => {
        signal.removeEventListener('abort', aborted)
        resolve()
      }
      const aborted = (): void => {
        this.#waiting.delete(called)
        reject(signal.reason as Error)
      }
      this.#waiting.add(called)
      signal.addEventListener('abort', aborted, { once: true })
    })
  }

  #leaveOnce(): () => void {
    let isTaken = true
    return () => {
      if (isTaken) this.#giveBack()
      isTaken = false
    }
  }

  /** The place goes on to who has waited longest. */
  #giveBack(): void {
    const [next] = this.#waiting
    if (next === undefined) this.#free += 1
    else {
      this.#waiting.delete(next)
      next()
    }
  }
}
