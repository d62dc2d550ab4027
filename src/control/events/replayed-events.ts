import { EVENTS } from '../../protocol/events.ts'
import type { EventName } from '../../protocol/events.ts'
import type { EventDefinition } from '../../protocol/events/event.ts'
import type { Scope } from '../../protocol/tokens/scopes.ts'
import type { FilledField } from './event-sources.ts'
import { type OutgoingEvent, type ReadEvent, toOutgoing } from './outgoing-event.ts'

/** Fields that are read for one replay: each takes a part of a millisecond. */
const MAX_FILLED = 200

/** The last ones that have at most `bytes` together. */
export function newestWithin(events: ReadEvent[], bytes: number): ReadEvent[] {
  let room = bytes
  const firstKept = events.findLastIndex(({ event }) => (room -= Buffer.byteLength(event.text)) < 0) + 1
  return firstKept === 0 ? events : events.slice(firstKept)
}

/**
 * Events as they are sent again: with the fields that only these `scopes` see (`filled`), while all of them have at most `bytes`. The
 * field is as things are now, so that of several events about one thing the last one carries it.
 */
export function replayedEvents(
  events: readonly ReadEvent[],
  scopes: readonly Scope[],
  { bytes, filled }: { bytes: number; filled: (name: EventName, payload: object) => FilledField | null },
): OutgoingEvent[] {
  let room = events.reduce((left, { event }) => left - Buffer.byteLength(event.text), bytes)
  const things = new Set<string>()
  const newestFirst = events.toReversed().map(({ event, payload, at }) => {
    const thing = thingOf(event.name, payload, scopes)
    if (thing === null || things.has(thing) || things.size >= MAX_FILLED) return event
    things.add(thing)
    const extra = filled(event.name, payload)
    if (extra === null) return event
    const whole = toOutgoing(event.name, event.eventId, at, { ...payload, [extra.field]: extra.value })
    const growth = Buffer.byteLength(whole.text) - Buffer.byteLength(event.text)
    if (growth > room) return event
    room -= growth
    return whole
  })
  return newestFirst.toReversed()
}

/** What the restricted field of an event is about; `null` where it has none, or none that these scopes see. */
function thingOf(name: EventName, payload: object, scopes: readonly Scope[]): string | null {
  const { restricted }: EventDefinition = EVENTS[name]
  if (restricted?.filled === undefined || !scopes.includes(restricted.scope)) return null
  const { account, conversationId, messageId }: Record<string, unknown> = { ...payload }
  return JSON.stringify([restricted.filled, account, conversationId, messageId])
}
