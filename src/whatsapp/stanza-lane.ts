import type { BinaryNode } from '@whiskeysockets/baileys'

type Handler = (stanza: BinaryNode) => unknown

/**
 * Message stanzas, one at a time in the order of the wire. Baileys queues a backlog and handles what is live beside it
 * and beside each other: a message could overtake the one before it. `finished` is called after each one, handled or
 * not; a rejection of the handler is the caller's.
 */
export class StanzaLane {
  readonly #ended: AbortSignal
  readonly #finished: (stanza: BinaryNode) => void
  /** Ids of stanzas that the server had kept for us, while Baileys has them. */
  readonly #kept = new Set<string>()
  #tail: Promise<unknown> = Promise.resolve()

  constructor(ended: AbortSignal, finished: (stanza: BinaryNode) => void) {
    this.#ended = ended
    this.#finished = finished
  }

  /** Whether the message that Baileys hands over now waited at the server while we were away. */
  isFromBacklog(id: string | null | undefined): boolean {
    return typeof id === 'string' && this.#kept.has(id)
  }

  /** Hands the stanza to `handler` when those before it are done; not at all when the socket has ended by then. */
  take(stanza: BinaryNode, handler: Handler): Promise<void> {
    const { id, offline } = stanza.attrs
    const turn = this.#tail.then(async () => {
      try {
        if (this.#ended.aborted) return
        if (id !== undefined && offline !== undefined) this.#kept.add(id)
        // With this attribute Baileys would put it into a queue of its own and say that it is done.
        delete stanza.attrs.offline
        await handler(stanza)
      } finally {
        this.#finished(stanza)
        if (id !== undefined) this.#kept.delete(id)
      }
    })
    this.#tail = turn.catch(() => undefined)
    return turn
  }
}
