import { setImmediate as nextTurn } from 'node:timers/promises'

/** Something that is started, and stopped in reverse order when its start has succeeded. */
export interface Part {
  start(): void | Promise<void>
  stop?(): void | Promise<void>
}

/** Starts parts in order, and stops those that have started in the reverse one. */
export class StartedParts {
  #started: Part[] = []
  #stopped: Promise<void> | null = null

  /**
   * The parts of one group start in one turn of the event loop. Rejects with what a part throws, or with `interrupted()` where `stop` was
   * called meanwhile; nothing is left running then.
   */
  async start(groups: readonly (readonly Part[])[], interrupted: () => Error): Promise<void> {
    try {
      for (const group of groups) {
        for (const part of group) await this.#startPart(part, interrupted)
        await nextTurn()
      }
    } catch (error) {
      await this.stop()
      throw error
    }
  }

  /** Idempotent. */
  stop(): Promise<void> {
    this.#stopped ??= (async () => {
      for (const part of this.#started.toReversed()) await part.stop?.()
    })()
    return this.#stopped
  }

  async #startPart(part: Part, interrupted: () => Error): Promise<void> {
    await part.start()
    if (this.#stopped === null) {
      this.#started.push(part)
      return
    }
    await part.stop?.()
    throw interrupted()
  }
}
