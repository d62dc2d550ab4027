/**
 * Listeners by event name. `Events` maps each name to the arguments of its listeners. What a listener throws stops neither the others nor
 * the sender; it is thrown once more on its own, where the page or the process sees it as an uncaught error.
 */
export class Emitter<Events extends Record<string, unknown[]>> {
  readonly #listeners = new Map<keyof Events, Set<(...values: never) => void>>()

  /** Calls `listener` for every `event` from now on; the answer takes it off again. */
  on<Name extends keyof Events>(event: Name, listener: (...values: Events[Name]) => void): () => void {
    const listeners = this.#listeners.get(event) ?? new Set()
    this.#listeners.set(event, listeners)
    listeners.add(listener)
    return () => listeners.delete(listener)
  }

  emit<Name extends keyof Events>(event: Name, ...values: Events[Name]): void {
    for (const listener of this.#listeners.get(event) ?? []) {
      try {
        // Only `on` puts listeners into the set of their own event, so the arguments fit.
        ;(listener as unknown as (...values: Events[Name]) => void)(...values)
      } catch (error) {
        queueMicrotask(() => {
          throw error
        })
      }
    }
  }
}
