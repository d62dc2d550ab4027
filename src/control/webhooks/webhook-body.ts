import type { EventName } from '../../protocol/events.ts'
import { readPayload } from '../events/outgoing-event.ts'
import type { StoredEvent } from '../events/stored-event.ts'

/** What is posted, as JSON. `data`: as `params` of the event over the WebSocket. */
export interface WebhookMessage {
  type: string
  /** When it happened, ISO 8601 UTC. */
  timestamp: string
  data: object
}

/**
 * An event as it is posted; `null` where it cannot be read, or another version wrote it. `textsOf`: what it carries besides, as it is stored now; `null`
 * where its receiver gets no texts. `waits`: they cannot be read yet.
 */
export function messageOf(
  event: StoredEvent,
  textsOf: ((name: EventName, payload: object) => object | null) | null,
): WebhookMessage | 'waits' | null {
  const payload = readPayload(event)
  if (payload === null) return null
  const { id: eventId, name: type, at: timestamp } = event
  const texts = textsOf === null ? {} : textsOf(type, payload)
  if (texts === null) return 'waits'
  return { type, timestamp, data: { eventId, at: timestamp, ...payload, ...texts } }
}
