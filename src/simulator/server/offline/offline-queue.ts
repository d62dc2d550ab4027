import { areJidsSameUser } from '@whiskeysockets/baileys'
import type { Stanza } from '../../wire/stanza.ts'
import { child, children } from '../../wire/stanza.ts'

/** Beyond this many, the oldest undelivered stanzas are dropped, as WhatsApp does after some time. */
const LIMIT = 20_000

/** WhatsApp sends these again as long as the client refuses them. */
const HELD_BY_ERRORS: ReadonlySet<string> = new Set(['message', 'status'])

/**
 * The stanzas for a companion that it has not acknowledged, sent or not. A receipt, or an acknowledgement without an
 * error, removes a message; an acknowledgement removes a receipt or a notification. The rest is sent again at the next
 * login.
 */
export class OfflineQueue {
  readonly #entries = new Map<string, Stanza[]>()
  /** Messages that the client has refused with an error. */
  readonly #refused = new Set<Stanza>()
  #size = 0

  /** Whether a refused message holds up the stanzas behind it. */
  get isHeldUp(): boolean {
    return this.#refused.size > 0
  }

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

  /** Removes the stanzas that `answer`, a receipt or an acknowledgement of the companion, settles. */
  settle(answer: Stanza): void {
    const settles = answer.tag === 'receipt' ? 'message' : answer.attrs.class
    for (const id of answeredIds(answer)) {
      const waiting = this.#entries.get(id)
      const index =
        waiting?.findIndex((stanza) => stanza.tag === settles && isAddressedTo(answer, stanza)) ?? -1
      const settled = waiting?.[index]
      if (waiting === undefined || settled === undefined) continue
      if (answer.attrs.error !== undefined && HELD_BY_ERRORS.has(settled.tag)) {
        this.#refused.add(settled)
        continue
      }
      this.#refused.delete(settled)
      waiting.splice(index, 1)
      this.#size--
      if (waiting.length === 0) this.#entries.delete(id)
    }
  }

  /** Every open stanza, in the order of arrival. */
  entries(): Stanza[] {
    return [...this.#entries.values()].flat()
  }

  clear(): void {
    this.#entries.clear()
    this.#refused.clear()
    this.#size = 0
  }

  #dropOldest(): void {
    const [id, waiting] = this.#entries.entries().next().value ?? ['', []]
    this.#size -= waiting.length
    for (const each of waiting) this.#refused.delete(each)
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
