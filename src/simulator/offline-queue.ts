import { areJidsSameUser } from '@whiskeysockets/baileys'
import type { Stanza } from './stanza.ts'
import { child, children } from './stanza.ts'

/** As WhatsApp does, the oldest undelivered stanzas are dropped some day. */
const LIMIT = 20_000

/**
 * What a companion was sent, or is to be sent, and has not acknowledged. A message leaves by a receipt or an
 * acknowledgement; a receipt or notification by an acknowledgement. The rest comes again at the next login.
 */
export class OfflineQueue {
  readonly #entries = new Map<string, Stanza[]>()
  #size = 0

  get size(): number {
    return this.#size
  }

  add(stanza: Stanza): void {
    const id = stanza.attrs.id ?? ''
    const waiting = this.#entries.get(id)
    if (waiting === undefined) this.#entries.set(id, [stanza])
    else waiting.push(stanza)
    this.#size++
    if (this.#size > LIMIT) this.#dropOldest()
  }

  /** Takes out what `answer`, a receipt or acknowledgement from the companion, settles. */
  settle(answer: Stanza): void {
    const settles = answer.tag === 'receipt' ? 'message' : answer.attrs.class
    for (const id of answeredIds(answer)) {
      const waiting = this.#entries.get(id)
      const index =
        waiting?.findIndex((stanza) => stanza.tag === settles && isAddressedTo(answer, stanza)) ?? -1
      if (waiting === undefined || index < 0) continue
      waiting.splice(index, 1)
      this.#size--
      if (waiting.length === 0) this.#entries.delete(id)
    }
  }

  /** Everything still open, in the order it came. */
  entries(): Stanza[] {
    return [...this.#entries.values()].flat()
  }

  clear(): void {
    this.#entries.clear()
    this.#size = 0
  }

  #dropOldest(): void {
    const [id, waiting] = this.#entries.entries().next().value ?? ['', []]
    this.#size -= waiting.length
    this.#entries.delete(id)
  }
}

function answeredIds(answer: Stanza): string[] {
  const others = children(child(answer, 'list'), 'item').map((item) => item.attrs.id ?? '')
  return [answer.attrs.id ?? '', ...others]
}

function isAddressedTo(answer: Stanza, { tag, attrs }: Stanza): boolean {
  if (tag === 'receipt' && (answer.attrs.type ?? '') !== (attrs.type ?? '')) return false
  const { to, participant } = answer.attrs
  if (participant && attrs.participant && !areJidsSameUser(participant, attrs.participant)) return false
  if (to === undefined) return true
  return [attrs.from, attrs.recipient].some((jid) => jid === to || areJidsSameUser(jid, to))
}
