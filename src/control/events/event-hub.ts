import type { Logger } from 'pino'
import { EVENTS, topicOf } from '../../protocol/events.ts'
import type { EventName, EventPayload, EventPublisher, Topic } from '../../protocol/events.ts'
import type { EventDefinition } from '../../protocol/events/event.ts'
import type { Scope } from '../../protocol/tokens/scopes.ts'
import { boundedPayload } from './bounded-payload.ts'
import { EventBacklog } from './event-backlog.ts'
import type { EventStore } from './event-store.ts'
import type { StoredEvent } from './stored-event.ts'
import type { FilledField } from './event-sources.ts'
import { type OutgoingEvent, readPayload, readStored, toOutgoing } from './outgoing-event.ts'
import { newestWithin, replayedEvents } from './replayed-events.ts'
import { withoutFields } from '../views/without-fields.ts'

/** More than this many missed events are not sent again one by one: the answer says `gap`. */
const MAX_REPLAYED_EVENTS = 1_000
/** Nor more than this: with the answer before them they must fit into what a peer may leave unread. */
const MAX_REPLAYED_BYTES = 704 * 1_024

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

/** An event of the log, as another file kept it. */
type KeptEvent = Omit<StoredEvent, 'name'> & { name: string }

export type EventListener = <Name extends EventName>(name: Name, payload: EventPayload<Name>) => void

interface Pending {
  event: OutgoingEvent
  /** What subscribers without the scope of its restricted field get; `null` where the event has none. */
  unrestricted: OutgoingEvent | null
  stored: StoredEvent | null
  /** The same with its field that is read when it is sent, for those who may see it. */
  filled: () => OutgoingEvent
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
  readonly #filled: (name: EventName, payload: object) => FilledField | null
  readonly #subscribers = new Set<Subscriber>()
  readonly #listeners = new Set<EventListener>()
  #pending: Pending[] = []
  #lastId = 0

  constructor(deps: {
    store: EventStore
    logger: Logger
    now?: () => Date
    /** Makes durable what the events report. May throw: the events are still delivered, and the next ones say why. */
    beforeDelivery?: () => void
    /** Reads a field that nobody publishes and only some see (`event-sources.ts`). */
    filled?: (name: EventName, payload: object) => FilledField | null
  }) {
    this.#filled = deps.filled ?? (() => null)
    this.#beforeDelivery = deps.beforeDelivery ?? (() => {})
    this.#store = deps.store
    this.#logger = deps.logger
    this.#backlog = new EventBacklog(deps.store, deps.logger)
    this.#now = deps.now ?? (() => new Date())
  }

  /** Continues the numbers of the log. The store must have started. */
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
    const bounded = boundedPayload(name, parsed.data)
    const open = withoutRestricted(name, bounded)
    const stored =
      eventId === null ? null : { id: eventId, name, at, payload: JSON.stringify(open ?? bounded) }
    const event = toOutgoing(name, eventId, at, bounded)
    const unrestricted = open === null ? null : toOutgoing(name, eventId, at, open)
    this.#enqueue({ event, unrestricted, stored, filled: this.#filling(event, at, bounded) })
    for (const listener of this.#listeners) this.#notify(() => listener(name, payload))
  }

  /** Everything published inside this process, secret events included. Called synchronously. Returns unsubscribe. */
  subscribe(listener: EventListener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /**
   * The events after `since` that this subscriber may see. Live events follow after `add`. Call both without awaiting in
   * between, so that none is missed and none comes twice.
   */
  replay(subscriber: Subscriber, since: number | undefined): Replay {
    this.flush()
    const eventId = this.#lastId
    if (since === undefined) return { eventId, events: [], gap: false }
    if (since > eventId) return { eventId, events: [], gap: true }
    const found = this.#backlog.after(since, MAX_REPLAYED_EVENTS).flatMap(readStored)
    const known = this.#backlog.countAfter(since)
    const seen = found.filter(({ event }) => maySee(subscriber, event))
    const kept = newestWithin(seen, MAX_REPLAYED_BYTES)
    const events = replayedEvents(kept, subscriber.scopes(), {
      bytes: MAX_REPLAYED_BYTES,
      filled: this.#filled,
    })
    // Numbers without an event: it was deleted, or the disk never had it.
    const isMissing = known < eventId - since || known > MAX_REPLAYED_EVENTS
    return { eventId, events, gap: isMissing || events.length < seen.length }
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
    return this.#backlog.latest(name, limit).flatMap((event) => {
      const payload = readPayload(event)
      // Parsed by the schema of the same name.
      return payload === null ? [] : [payload as EventPayload<Name>]
    })
  }

  /**
   * What was published so far is delivered; of the account's events that name one of these people or conversations nothing is stored then.
   * Who asks for missed events is told of a gap. Throws `StorageError`.
   */
  erase(account: string, names: readonly string[]): void {
    this.flush()
    this.#backlog.erase(account, names)
  }

  /** Writes what was published so far, and delivers it later. Answers the account's events that the disk refuses by now. Never throws. */
  persist(account: string): StoredEvent[] {
    const stored = this.#pending.flatMap(({ stored: event }) => event ?? [])
    for (const pending of this.#pending) pending.stored = null
    if (stored.length > 0) this.#backlog.add(stored)
    return this.#backlog.unstored.filter((event) => isOf(account, event))
  }

  /** Publishes events that were kept elsewhere while the disk refused them, with new numbers, unless the log has them. Never throws. */
  recover(events: readonly KeptEvent[]): void {
    for (const kept of events) {
      if (!isEventName(kept.name)) continue
      const { name, at } = kept
      const payload = this.#backlog.has({ ...kept, name }) ? null : readPayload({ ...kept, name })
      if (payload === null) continue
      const id = this.#nextId()
      const event = toOutgoing(name, id, at, payload)
      const stored = { id, name, at, payload: kept.payload }
      this.#enqueue({ event, unrestricted: null, stored, filled: this.#filling(event, at, payload) })
    }
  }

  #enqueue(pending: Pending): void {
    if (this.#pending.length === 0) setImmediate(() => this.flush())
    this.#pending.push(pending)
  }

  /** The field of an event that is read when it is sent (`event-sources.ts`); `null` for none. Never throws. */
  filled(name: EventName, payload: object): FilledField | null {
    return this.#filled(name, payload)
  }

  /** Writes and delivers what was published so far. Never throws: without a disk, events are still delivered. */
  flush(): void {
    const batch = this.#pending
    if (batch.length === 0) return
    this.#pending = []
    const stored = batch.flatMap(({ stored }) => (stored === null ? [] : [stored]))
    if (stored.length > 0) this.#backlog.add(stored)
    this.#notify(this.#beforeDelivery)
    for (const pending of batch) {
      for (const subscriber of this.#subscribers) {
        if (!maySee(subscriber, pending.event)) continue
        const event = asSeenBy(subscriber, pending)
        this.#notify(() => subscriber.deliver(event))
      }
    }
  }

  /** Reads it once for all subscribers, and not at all where none may see it. */
  #filling(event: OutgoingEvent, at: string, payload: object): () => OutgoingEvent {
    let whole: OutgoingEvent | null = null
    return () => {
      if (whole !== null) return whole
      const extra = this.#filled(event.name, payload)
      whole =
        extra === null
          ? event
          : toOutgoing(event.name, event.eventId, at, { ...payload, [extra.field]: extra.value })
      return whole
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

function isOf(account: string, { payload }: StoredEvent): boolean {
  return payload.includes(`"account":${JSON.stringify(account)}`)
}

function isEventName(name: string): name is EventName {
  return Object.hasOwn(EVENTS, name)
}

function maySee(subscriber: Subscriber, event: OutgoingEvent): boolean {
  const { directed }: EventDefinition = EVENTS[event.name]
  if (directed === true) return false
  const topic = topicOf(event.name)
  const isWanted = topic === 'server' || subscriber.topics === null || subscriber.topics.has(topic)
  return isWanted && subscriber.scopes().includes(EVENTS[event.name].scope)
}

/** The payload without what not everybody may see; `null` where nothing of that is in it. */
function withoutRestricted(name: EventName, payload: object): object | null {
  const { restricted }: EventDefinition = EVENTS[name]
  if (restricted === undefined) return null
  const open = withoutFields(payload, [restricted.field, ...(restricted.also ?? [])])
  return open === payload ? null : open
}

function asSeenBy(subscriber: Subscriber, { event, unrestricted, filled }: Pending): OutgoingEvent {
  const { restricted }: EventDefinition = EVENTS[event.name]
  if (restricted === undefined) return event
  if (!subscriber.scopes().includes(restricted.scope)) return unrestricted ?? event
  return restricted.filled === undefined ? event : filled()
}

function issuePlace(issue: { path: PropertyKey[]; code?: string | undefined }): string {
  return `${issue.path.map(String).join('.')}: ${issue.code ?? 'invalid'}`
}
