import type { Logger } from 'pino'
import { EVENTS } from '../protocol/events.ts'
import type { EventName, EventPayload, Scope } from '../protocol/events.ts'
import type { Topic } from '../protocol/methods.ts'
import { EventBacklog } from './event-backlog.ts'
import type { EventStore, StoredEvent } from './event-store.ts'
import type { EventPublisher } from './ports.ts'

/** More than this many missed events are not sent again one by one: the answer says `gap`. */
const MAX_REPLAYED_EVENTS = 1_000

/** An event ready for the wire, serialised once for all subscribers. */
export interface OutgoingEvent {
  name: EventName
  /** `null` for events that are never stored. */
  eventId: number | null
  /** The whole frame. */
  text: string
  /** Events with the same key supersede each other when a subscriber cannot keep up; `null`: never dropped. */
  coalesceKey: string | null
}

export interface Subscriber {
  /** Asked for every event, so that a token's scopes can change under a subscription. */
  scopes(): readonly Scope[]
  /** `null` is every topic. `server.*` is always delivered. */
  topics: ReadonlySet<Topic> | null
  /** Must not throw. */
  deliver(event: OutgoingEvent): void
}

export interface Replay {
  /** The last event there is; live events continue after it. */
  eventId: number
  events: OutgoingEvent[]
  gap: boolean
}

export type EventListener = <Name extends EventName>(name: Name, payload: EventPayload<Name>) => void

interface Pending {
  event: OutgoingEvent
  stored: StoredEvent | null
}

/**
 * One sequence of events for all accounts. `publish` numbers at once; a batch per turn of the event loop is written to
 * the log and then delivered in order, so that no subscriber sees an event that the log could still lose.
 */
export class EventHub implements EventPublisher {
  readonly #store: EventStore
  readonly #backlog: EventBacklog
  readonly #logger: Logger
  readonly #now: () => Date
  readonly #beforeDelivery: () => void
  readonly #subscribers = new Set<Subscriber>()
  readonly #listeners = new Set<EventListener>()
  #pending: Pending[] = []
  #lastId = 0

  constructor(dependencies: {
    store: EventStore
    logger: Logger
    now?: () => Date
    /** Makes durable what the events tell of. May throw: the events then go out all the same, and the next ones say why. */
    beforeDelivery?: () => void
  }) {
    this.#beforeDelivery = dependencies.beforeDelivery ?? (() => {})
    this.#store = dependencies.store
    this.#logger = dependencies.logger
    this.#backlog = new EventBacklog(dependencies.store, dependencies.logger)
    this.#now = dependencies.now ?? (() => new Date())
  }

  /** Continues the log's numbers; the store has started. */
  start(): void {
    this.#lastId = this.#store.lastId
  }

  /** Writes and delivers what is left. Idempotent. */
  stop(): void {
    this.flush()
    this.#backlog.stop()
    this.#subscribers.clear()
    this.#listeners.clear()
  }

  /** Never throws: a payload that does not fit its schema is logged and dropped. */
  publish<Name extends EventName>(name: Name, payload: EventPayload<Name>): void {
    const definition = EVENTS[name]
    const parsed = definition.payload.safeParse(payload)
    if (!parsed.success) {
      this.#logger.error(
        { event: name, issues: parsed.error.issues.map(issuePlace) },
        'event does not fit its schema',
      )
      return
    }
    const at = this.#now().toISOString()
    const eventId = definition.stored ? this.#nextId() : null
    const stored = eventId === null ? null : { id: eventId, name, at, payload: JSON.stringify(parsed.data) }
    const event = toOutgoing(name, eventId, at, parsed.data)
    if (this.#pending.length === 0) setImmediate(() => this.flush())
    this.#pending.push({ event, stored })
    for (const listener of this.#listeners) this.#notify(() => listener(name, payload))
  }

  /** Everything published inside this process, secret events included. Called synchronously. Returns unsubscribe. */
  subscribe(listener: EventListener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /**
   * The events after `since` that this subscriber may see. Live events follow once `add` was called; to miss none and
   * get none twice, do both without awaiting between.
   */
  replay(subscriber: Subscriber, since: number | undefined): Replay {
    this.flush()
    const eventId = this.#lastId
    if (since === undefined) return { eventId, events: [], gap: false }
    if (since > eventId) return { eventId, events: [], gap: true }
    const known = this.#backlog.countAfter(since)
    const events = this.#backlog
      .after(since, MAX_REPLAYED_EVENTS)
      .map(({ id, name, at, payload }) => toOutgoing(name, id, at, JSON.parse(payload)))
      .filter((event) => maySee(subscriber, event))
    // Numbers without an event: it was deleted, or the disk never had it.
    return { eventId, events, gap: known < eventId - since || known > MAX_REPLAYED_EVENTS }
  }

  add(subscriber: Subscriber): void {
    this.#subscribers.add(subscriber)
  }

  remove(subscriber: Subscriber): void {
    this.#subscribers.delete(subscriber)
  }

  /** The newest stored payloads of one event, newest first. */
  latest<Name extends EventName>(name: Name, limit: number): EventPayload<Name>[] {
    this.flush()
    return this.#backlog.latest(name, limit).flatMap(({ payload }) => {
      // Parsed again: the log may have been written by an older version.
      const parsed = EVENTS[name].payload.safeParse(JSON.parse(payload))
      return parsed.success ? [parsed.data as EventPayload<Name>] : []
    })
  }

  /** Writes and delivers what was published so far. Never throws: without a disk, events are still delivered. */
  flush(): void {
    const batch = this.#pending
    if (batch.length === 0) return
    this.#pending = []
    const stored = batch.flatMap(({ stored }) => (stored === null ? [] : [stored]))
    if (stored.length > 0) this.#backlog.add(stored)
    this.#notify(this.#beforeDelivery)
    for (const { event } of batch) {
      for (const subscriber of this.#subscribers) {
        if (maySee(subscriber, event)) this.#notify(() => subscriber.deliver(event))
      }
    }
  }

  #nextId(): number {
    this.#lastId += 1
    return this.#lastId
  }

  #notify(call: () => void): void {
    try {
      call()
    } catch (error) {
      this.#logger.error({ err: error }, 'an event listener failed')
    }
  }
}

function maySee(subscriber: Subscriber, event: OutgoingEvent): boolean {
  const [namespace = ''] = event.name.split('.')
  const wanted =
    subscriber.topics === null || namespace === 'server' || hasTopic(subscriber.topics, namespace)
  return wanted && subscriber.scopes().includes(EVENTS[event.name].scope)
}

function hasTopic(topics: ReadonlySet<string>, namespace: string): boolean {
  return topics.has(namespace)
}

/** What a slow subscriber may skip: an account's older status, an older QR or code. */
function coalesceKey(name: EventName, payload: { account?: unknown }): string | null {
  if (name === 'account.status') return `status:${String(payload.account)}`
  if (name === 'account.qr' || name === 'account.linkCode') return `offer:${String(payload.account)}`
  return null
}

function toOutgoing(name: EventName, eventId: number | null, at: string, payload: object): OutgoingEvent {
  const text = JSON.stringify({ jsonrpc: '2.0', method: name, params: { eventId, at, ...payload } })
  return { name, eventId, text, coalesceKey: coalesceKey(name, payload) }
}

function issuePlace(issue: { path: PropertyKey[]; code?: string | undefined }): string {
  return `${issue.path.map(String).join('.')}: ${issue.code ?? 'invalid'}`
}
