import { S_WHATSAPP_NET } from '@whiskeysockets/baileys'
import type { Stanza } from '../wire/stanza.ts'
import { stanza } from '../wire/stanza.ts'

/** The first ping comes within this time, so that a client that cannot answer yet is noticed promptly. */
const FIRST_WITHIN_MS = 400
/** A ping of this age counts as unanswered once the client has sent other stanzas twice, this much time apart. */
const PATIENCE_MS = 5_000
const SPREAD = 0.5

interface Open {
  sentAt: number
  /** When the client first sent another stanza although this answer was late. */
  suspectSince: number | null
}

/** The pings of all sockets of a server. */
export class PingTally {
  sent = 0
  unanswered = 0
}

/** Sends pings on one socket, at random intervals, and counts those that are never answered. */
export class Pings {
  readonly #everyMs: number | null
  readonly #send: (ping: Stanza) => void
  readonly #tally: PingTally
  readonly #random: (size: number) => Buffer
  readonly #open = new Map<string, Open>()
  #timer: NodeJS.Timeout | undefined

  constructor(o: {
    everyMs: number | null
    send: (ping: Stanza) => void
    tally: PingTally
    random: (size: number) => Buffer
  }) {
    this.#everyMs = o.everyMs
    this.#send = o.send
    this.#tally = o.tally
    this.#random = o.random
  }

  start(): void {
    if (this.#everyMs !== null) this.#plan(this.#share() * FIRST_WITHIN_MS)
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.#open.clear()
  }

  /** Takes every stanza of the client. True for the answer to a ping. */
  receive({ tag, attrs }: Stanza): boolean {
    if (tag === 'iq' && this.#open.delete(attrs.id ?? '')) return true
    const now = performance.now()
    for (const [id, open] of this.#open) {
      if (now - open.sentAt < PATIENCE_MS) continue
      open.suspectSince ??= now
      if (now - open.suspectSince < PATIENCE_MS) continue
      this.#open.delete(id)
      this.#tally.unanswered += 1
    }
    return false
  }

  #ping(everyMs: number): void {
    const id = this.#random(8).toString('hex')
    this.#open.set(id, { sentAt: performance.now(), suspectSince: null })
    this.#tally.sent += 1
    this.#send(stanza('iq', { from: S_WHATSAPP_NET, id, type: 'get', xmlns: 'urn:xmpp:ping' }))
    this.#plan(everyMs * (1 - SPREAD + 2 * SPREAD * this.#share()))
  }

  #plan(delayMs: number): void {
    const everyMs = this.#everyMs
    if (everyMs === null) return
    this.#timer = setTimeout(() => this.#ping(everyMs), delayMs)
    this.#timer.unref()
  }

  /** In [0, 1). */
  #share(): number {
    return this.#random(2).readUInt16BE() / 0x1_00_00
  }
}
