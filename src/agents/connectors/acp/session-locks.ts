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

/** Settles as the work does, or rejects with the reason when the signal is aborted before. */
export async function untilAborted<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  let abort = (): void => {}
  const aborted = new Promise<never>((_resolve, reject) => {
    // What it was aborted with is an error of ours.
    abort = () => reject(signal.reason as Error)
  })
  // The loser of the race is nobody's concern.
  work.catch(() => undefined)
  signal.addEventListener('abort', abort, { once: true })
  try {
    signal.throwIfAborted()
    return await Promise.race([work, aborted])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}
