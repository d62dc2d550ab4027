import type { RequestError } from './request-error.ts'

interface Waiter {
  resolve: () => void
  reject: (error: RequestError) => void
  timer: ReturnType<typeof setTimeout> | undefined
}

/** The callers of `connect()` that wait until the client is ready, each with its own deadline, if any. */
export class ReadyWaiters {
  #waiters = new Set<Waiter>()

  get size(): number {
    return this.#waiters.size
  }

  /** Resolves when the client is ready; rejects with what ended the attempts, or after `timeoutMs` with what `late` answers. */
  wait(timeoutMs: number | undefined, late: () => RequestError): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiter: Waiter = { resolve, reject, timer: undefined }
      this.#waiters.add(waiter)
      if (timeoutMs === undefined) return
      waiter.timer = setTimeout(() => {
        this.#waiters.delete(waiter)
        reject(late())
      }, timeoutMs)
    })
  }

  /** Ends every wait; `null` is success. */
  settle(error: RequestError | null): void {
    const waiters = this.#waiters
    this.#waiters = new Set()
    for (const { resolve, reject, timer } of waiters) {
      clearTimeout(timer)
      if (error === null) resolve()
      else reject(error)
    }
  }
}
