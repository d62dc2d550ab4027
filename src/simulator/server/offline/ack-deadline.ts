import type { OfflineQueue } from './offline-queue.ts'
import type { Stanza } from '../../wire/stanza.ts'

/** Reports a stanza that a client has not acknowledged, at the latest after twice the time that it has for it. */
export class AckDeadline {
  readonly #timer: NodeJS.Timeout

  constructor(queue: OfflineQueue, withinMs: number, missed: (stanza: Stanza) => void) {
    let seen = new Set<Stanza>()
    this.#timer = setInterval(() => {
      const waiting = queue.entries()
      const late = waiting.find((stanza) => seen.has(stanza))
      seen = new Set(waiting)
      if (late !== undefined) missed(late)
    }, withinMs)
    this.#timer.unref()
  }

  stop(): void {
    clearInterval(this.#timer)
  }
}
