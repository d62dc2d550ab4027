import type { IncomingMessage } from 'node:http'

/** How long the body of a request may take. Node's own limit is one for all, and a large file takes longer than every other body. */
export class BodyTime {
  readonly #limitMs: number
  readonly #timers = new WeakMap<IncomingMessage, NodeJS.Timeout>()

  /** `limitMs`: for what is no upload. */
  constructor(limitMs: number) {
    this.#limitMs = limitMs
  }

  /** `late` is called when the body has not come in time. */
  limit(request: IncomingMessage, late: () => void): void {
    const timer = setTimeout(() => {
      if (!request.complete) late()
    }, this.#limitMs)
    timer.unref()
    this.#timers.set(request, timer)
    for (const event of ['end', 'close'] as const) request.once(event, () => clearTimeout(timer))
  }

  /** This body is a file, from somebody who may send one: Node's limit alone holds. */
  allowLong(request: IncomingMessage): void {
    clearTimeout(this.#timers.get(request))
  }
}
