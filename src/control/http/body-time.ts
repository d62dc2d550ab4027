import type { IncomingMessage } from 'node:http'

/** How long the body of a request may take. Node's own limit is one for all, and a large file takes longer than every other body. */
export class BodyTime {
  readonly #limits: { bodyMs: number; uploadMs: number }
  readonly #bodies = new WeakMap<IncomingMessage, { late: () => void; timer: NodeJS.Timeout }>()

  /** `bodyMs`: for what is no upload. */
  constructor(limits: { bodyMs: number; uploadMs: number }) {
    this.#limits = limits
  }

  /** `late` is called when the body has not come in time. */
  limit(request: IncomingMessage, late: () => void): void {
    this.#watch(request, late, this.#limits.bodyMs)
    for (const event of ['end', 'close'] as const)
      request.once(event, () => clearTimeout(this.#bodies.get(request)?.timer))
  }

  /** This body is a file, from somebody who may send one: it may take as long as an upload, from now on. */
  allowLong(request: IncomingMessage): void {
    const body = this.#bodies.get(request)
    if (body === undefined || request.complete) return
    clearTimeout(body.timer)
    this.#watch(request, body.late, this.#limits.uploadMs)
  }

  #watch(request: IncomingMessage, late: () => void, limitMs: number): void {
    const timer = setTimeout(() => {
      if (!request.complete) late()
    }, limitMs)
    timer.unref()
    this.#bodies.set(request, { late, timer })
  }
}
