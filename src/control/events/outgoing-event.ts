import { timestampSchema } from '../../protocol/account/account.ts'
import type { EventDefinition } from '../../protocol/events/event.ts'
import { EVENTS } from '../../protocol/events.ts'
import type { EventName } from '../../protocol/events.ts'
import { boundedPayload } from './bounded-payload.ts'
import type { StoredEvent } from './stored-event.ts'

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

/** The event as it is sent. `payload` is within its bounds. */
export function toOutgoing(
  name: EventName,
  eventId: number | null,
  at: string,
  payload: object,
): OutgoingEvent {
  const text = JSON.stringify({ jsonrpc: '2.0', method: name, params: { eventId, at, ...payload } })
  return { name, eventId, text, coalesceKey: coalesceKey(name, payload) }
}

/** An event of the log. */
export interface ReadEvent {
  event: OutgoingEvent
  payload: object
  at: string
}

/** As it is sent now; nothing of an event that cannot be read, or that a later version wrote. */
export function readStored(stored: StoredEvent): ReadEvent[] {
  const { name, id, at } = stored
  const payload = timestampSchema.safeParse(at).success ? readPayload(stored) : null
  return payload === null ? [] : [{ event: toOutgoing(name, id, at, payload), payload, at }]
}

/** Within today's bounds, which an earlier version did not have; `null` for what does not fit the schema. */
export function readPayload({ name, payload }: StoredEvent): object | null {
  if (!Object.hasOwn(EVENTS, name)) return null
  try {
    const { data } = EVENTS[name].payload.safeParse(JSON.parse(payload))
    return data === undefined ? null : boundedPayload(name, data)
  } catch {
    return null
  }
}

/** What a slow subscriber may skip: an account's older status, an older QR or code. */
function coalesceKey(name: EventName, { account }: { account?: unknown }): string | null {
  const { supersedes }: EventDefinition = EVENTS[name]
  return supersedes === undefined ? null : `${supersedes}:${String(account)}`
}
