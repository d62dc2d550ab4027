import { S_WHATSAPP_NET } from '@whiskeysockets/baileys'
import type { OfflineQueue } from './offline-queue.ts'
import type { Stanza } from '../../wire/stanza.ts'
import { child, stanza } from '../../wire/stanza.ts'

/** After this time the next batch is sent to a client that asks for none or leaves stanzas unanswered. */
const PATIENCE_MS = 2_000

/**
 * Sends a client its backlog at the login: first the announcement, then batches, each when the one before it is
 * answered, and a mark at the end. A message that the client refuses with an error holds up everything behind it until
 * it is acknowledged without one. New stanzas wait at the end of the queue.
 */
export class OfflineDelivery {
  readonly #queue: OfflineQueue
  readonly #most: number
  readonly #send: (stanza: Stanza) => void
  readonly #over: (count: number) => void
  /** Whether a batch comes only when the client asks for it. */
  readonly #onDemand: () => boolean
  readonly #sent = new Set<Stanza>()
  #timer: NodeJS.Timeout | undefined
  #size: number
  #isOver = false

  constructor(o: {
    queue: OfflineQueue
    /** Stanzas in a batch, at most; the client may ask for fewer. */
    most: number
    send: (stanza: Stanza) => void
    over: (count: number) => void
    onDemand: () => boolean
  }) {
    this.#queue = o.queue
    this.#most = o.most
    this.#size = o.most
    this.#send = o.send
    this.#over = o.over
    this.#onDemand = o.onDemand
  }

  start(): void {
    const waiting = this.#queue.entries()
    if (waiting.length === 0) return this.#finish()
    const of = (tag: string): string => String(waiting.filter((each) => each.tag === tag).length)
    const counts = { count: String(waiting.length), message: of('message'), receipt: of('receipt') }
    const preview = stanza('offline_preview', {
      ...counts,
      notification: of('notification'),
      call: of('call'),
    })
    this.#send(stanza('ib', { from: S_WHATSAPP_NET }, [preview]))
    this.#wait()
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.#isOver = true
  }

  /** Takes an `<ib>` of the client. */
  receive(received: Stanza): void {
    const asked = child(received, 'offline_batch')
    if (asked === undefined || this.#isOver) return
    const count = Number(asked.attrs.count)
    this.#size = Number.isSafeInteger(count) && count > 0 ? Math.min(count, this.#most) : this.#most
    if (this.#sent.size === 0 || this.#isAnswered || this.#onDemand()) this.#next()
  }

  /** Something in the queue was answered. */
  answered(): void {
    if (!this.#isOver && this.#sent.size > 0 && this.#isAnswered && !this.#onDemand()) this.#next()
  }

  /** Whether every stanza that was sent has been answered. */
  get #isAnswered(): boolean {
    return !this.#queue.entries().some((waiting) => this.#sent.has(waiting))
  }

  #next(): void {
    if (this.#queue.isHeldUp) return
    const waiting = this.#queue.entries().filter((each) => !this.#sent.has(each))
    if (waiting.length === 0) return this.#finish()
    for (const each of waiting.slice(0, this.#size)) {
      const offline = String(this.#sent.size)
      this.#sent.add(each)
      this.#send({ ...each, attrs: { ...each.attrs, offline } })
    }
    this.#wait()
  }

  #wait(): void {
    clearTimeout(this.#timer)
    if (this.#onDemand()) return
    this.#timer = setTimeout(() => {
      this.#next()
      if (!this.#isOver) this.#wait()
    }, PATIENCE_MS)
    this.#timer.unref()
  }

  #finish(): void {
    if (this.#isOver) return
    this.stop()
    this.#over(this.#sent.size)
  }
}
