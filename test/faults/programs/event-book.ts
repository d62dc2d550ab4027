import type { StoredMessages } from './stored-messages.ts'

/** Of these a receiver is told. */
export const FOLLOWED_EVENTS = [
  'message.received',
  'message.written',
  'message.sent',
  'message.delivered',
  'message.read',
  'message.failed',
  'message.discarded',
] as const

interface Event {
  eventId: number
  messageId: string
  conversationId: string
}

/** What became of a message of ours that somebody saw. */
const ENDS = ['message.sent', 'message.failed', 'message.discarded']

/** What a receiver of webhooks got, against what happened. */
export class EventBook {
  /** By `webhook-id`: the body. */
  readonly #bodies = new Map<string, string>()
  /** Name and id of a message, of each event that came. */
  readonly #events = new Set<string>()
  /** Of what messages. */
  readonly #told = new Set<string>()
  /** By conversation. */
  readonly #newest = new Map<string, number>()
  /** Ids of messages of people who may not talk, and of those where the assistant does not answer. */
  readonly #forbidden = new Set<string>()
  /** Ids of messages that somebody may talk by, and of those of ours that a phone shows. */
  readonly #written = new Set<string>()
  readonly #shown = new Set<string>()
  readonly #wrong: (what: string) => void

  /** `wrong` is told of a post that must not be. */
  constructor(wrong: (what: string) => void) {
    this.#wrong = wrong
  }

  /** Nothing may be told of this message. */
  forbid(id: string): void {
    this.#forbidden.add(id)
    if (this.#told.has(id)) this.#wrong(`an event of somebody who may not talk (${id})`)
  }

  /** It must be told that this message came. */
  written(id: string): void {
    this.#written.add(id)
  }

  /** Its author deletes it: the deletion may come first. */
  revoked(id: string): void {
    this.#written.delete(id)
  }

  /** A phone shows this message of ours. */
  shown(id: string): void {
    this.#shown.add(id)
  }

  /** Something is not posted at all. */
  stuck(what: string): void {
    this.#wrong(what)
  }

  posted({ id, body, isSigned }: { id: string; body: string; isSigned: boolean }): void {
    if (!isSigned) this.#wrong(`a post without a valid signature (${id})`)
    const before = this.#bodies.get(id)
    if (before !== undefined && before !== body) this.#wrong(`another event under the same id (${id})`)
    if (before !== undefined) return
    this.#bodies.set(id, body)
    // What our own daemon posts.
    const { type, data } = JSON.parse(body) as { type: string; data: Event }
    const { eventId, messageId, conversationId } = data
    this.#events.add(`${type} ${messageId}`)
    this.#told.add(messageId)
    if (this.#forbidden.has(messageId)) this.#wrong(`${type} of somebody who may not talk (${messageId})`)
    const newest = this.#newest.get(conversationId) ?? 0
    if (eventId <= newest) this.#wrong(`${type} of ${messageId} behind a later event of its conversation`)
    this.#newest.set(conversationId, Math.max(newest, eventId))
  }

  /** What should have been told and was not, in words. `stored`: as the daemon left it, with the events that still wait. */
  missing({ inbox, outbox, waiting }: StoredMessages): string[] {
    const told = new Set([...this.#events, ...waiting.map(({ name, messageId }) => `${name} ${messageId}`)])
    const expected = new Map<string, readonly string[]>()
    for (const id of this.#written) expected.set(id, ['message.received'])
    for (const id of this.#shown) expected.set(id, ENDS)
    const untold = [...expected].flatMap(([id, names]) =>
      names.some((name) => told.has(`${name} ${id}`)) ? [] : [`${names.join(' or ')} of ${id}`],
    )
    const untoldRows = [
      ...inbox.map(({ messageId, author }) => [
        author === 'owner' ? 'message.written' : 'message.received',
        messageId,
      ]),
      ...outbox.flatMap(({ messageId, state }) => (EVENTS_OF[state] ?? []).map((name) => [name, messageId])),
    ].flatMap(([name, id]) => (told.has(`${name} ${id}`) ? [] : [`${name} of ${id}, which is stored`]))
    return [...untold, ...untoldRows]
  }
}

const EVENTS_OF: Readonly<Record<string, readonly string[]>> = {
  acknowledged: ['message.sent'],
  delivered: ['message.sent', 'message.delivered'],
  read: ['message.sent', 'message.read'],
  failed: ['message.failed'],
  discarded: ['message.discarded'],
}
