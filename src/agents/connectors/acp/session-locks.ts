import { untilAborted } from '../../../timing/until-aborted.ts'

/** One prompt at a time in each session; the others wait in the order they came. */
export class SessionLocks {
  readonly #last = new Map<string, Promise<void>>()

  /** Resolves with what gives the lock back. Rejects with the reason when the signal is aborted before. */
  async acquire(key: string, signal: AbortSignal): Promise<() => void> {
    const before = this.#last.get(key)
    let release = (): void => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    const mine = (before ?? Promise.resolve()).then(() => held)
    this.#last.set(key, mine)
    void mine.then(() => {
      if (this.#last.get(key) === mine) this.#last.delete(key)
    })
    try {
      if (before !== undefined) await untilAborted(before, signal)
      signal.throwIfAborted()
      return release
    } catch (error) {
      release()
      throw error
    }
  }
}
