import { setImmediate as nextTurn } from 'node:timers/promises'
import type { BinaryNode } from '@whiskeysockets/baileys'

/** A stanza that waited for less has as good as not waited. */
const NO_WAIT_MS = 1_000
/** So long stanzas are handled without anything else being done. */
const SLICE_MS = 8

type Handler = (stanza: BinaryNode) => unknown

/**
 * Message stanzas, one at a time in the order of the wire. Baileys queues a backlog and handles what is live beside it
 * and beside each other: a message could overtake the one before it. `finished` is called after each one, handled or
 * not; a rejection of the handler is the caller's. `waited` is called for one whose turn comes late, right before it is
 * handled: a backlog takes its time; `begun` for each, when it is handed over. Between stanzas that come together others get a turn of the event loop: nothing in between waits
 * for the network.
 */
export class StanzaLane {
  readonly #ended: AbortSignal
  readonly #begun: (stanza: BinaryNode) => void
  readonly #finished: (stanza: BinaryNode) => void
  readonly #waited: (stanza: BinaryNode) => void
  readonly #now: () => number
  /** Ids of stanzas that the server had kept for us, while Baileys has them. */
  readonly #kept = new Set<string>()
  #tail: Promise<unknown> = Promise.resolve()
  /** Those whose turn is not over. */
  readonly #open = new Set<BinaryNode>()
  #turnSince: number | null = null
  /** Since when nothing else was done, by `performance.now`. */
  #busySince: number | null = null

  constructor(
    ended: AbortSignal,
    events: {
      begun?: (stanza: BinaryNode) => void
      finished: (stanza: BinaryNode) => void
      waited: (stanza: BinaryNode) => void
    },
    now: () => number,
  ) {
    this.#ended = ended
    this.#begun = events.begun ?? (() => undefined)
    this.#finished = events.finished
    this.#waited = events.waited
    this.#now = now
  }

  /** Whether the message that Baileys hands over now waited at the server while we were away. */
  isFromBacklog(id: string | null | undefined): boolean {
    return typeof id === 'string' && this.#kept.has(id)
  }

  /** Since when the lane deals with one stanza, by `now`; `null` while it has none. Those behind that one wait for it. */
  get turnSince(): number | null {
    return this.#turnSince
  }

  /** Whether one of these stanzas has come, and its turn is not over. */
  hasOpen(matches: (stanza: BinaryNode) => boolean): boolean {
    for (const stanza of this.#open) if (matches(stanza)) return true
    return false
  }

  /** Hands the stanza to `handler` when those before it are done; not at all when the socket has ended by then. */
  take(stanza: BinaryNode, handler: Handler): Promise<void> {
    const { id, offline } = stanza.attrs
    const takenAt = this.#now()
    this.#open.add(stanza)
    this.#turnSince ??= takenAt
    const turn = this.#tail.then(async () => {
      await this.#letOthers()
      try {
        if (this.#ended.aborted) return
        if (this.#now() - takenAt > NO_WAIT_MS) this.#waited(stanza)
        if (id !== undefined && offline !== undefined) this.#kept.add(id)
        // With this attribute Baileys would put it into a queue of its own and say that it is done.
        delete stanza.attrs.offline
        this.#begun(stanza)
        await handler(stanza)
      } finally {
        this.#finished(stanza)
        if (id !== undefined) this.#kept.delete(id)
        this.#open.delete(stanza)
        this.#turnSince = this.#open.size > 0 ? this.#now() : null
      }
    })
    this.#tail = turn.catch(() => undefined)
    return turn
  }

  async #letOthers(): Promise<void> {
    if (this.#busySince !== null && performance.now() - this.#busySince >= SLICE_MS) await nextTurn()
    if (this.#busySince !== null) return
    this.#busySince = performance.now()
    setImmediate(() => {
      this.#busySince = null
    })
  }
}
