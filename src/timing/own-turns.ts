import { setImmediate as nextTurn } from 'node:timers/promises'

/**
 * Gives each caller a turn of the event loop of its own, in the order in which they ask: work of several callers, each of which is short,
 * holds nothing else up together. With `setImmediate` alone, all that one turn has asked for would run together in the next one.
 */
export class OwnTurns {
  #last: Promise<void> = Promise.resolve()

  /** Resolves in a turn in which it resolves for nobody else, never in the present one. Never rejects. */
  next(): Promise<void> {
    const turn = this.#last.then(() => nextTurn())
    this.#last = turn
    return turn
  }
}
