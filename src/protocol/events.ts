import type { z } from 'zod'
import { ACCOUNT_EVENTS } from './events/account.ts'
import { AGENT_EVENTS } from './events/agent.ts'
import { CONTACT_EVENTS } from './events/contact.ts'
import { CONFIG_EVENTS } from './events/config.ts'
import { CONVERSATION_EVENTS } from './events/conversation.ts'
import { MESSAGE_EVENTS } from './events/message.ts'
import { PAIRING_EVENTS } from './events/pairing.ts'
import { SERVER_EVENTS } from './events/server.ts'
import { WEBHOOK_EVENTS } from './events/webhook.ts'

/**
 * Every event of the control plane, by namespace one file in `events/`. The publisher, client types, `docs/protocol.md` and
 * `docs/asyncapi.json` derive from this table.
 */
export const EVENTS = {
  ...ACCOUNT_EVENTS,
  ...CONFIG_EVENTS,
  ...MESSAGE_EVENTS,
  ...CONTACT_EVENTS,
  ...CONVERSATION_EVENTS,
  ...AGENT_EVENTS,
  ...PAIRING_EVENTS,
  ...WEBHOOK_EVENTS,
  ...SERVER_EVENTS,
} as const

export type EventName = keyof typeof EVENTS
export type EventPayload<Name extends EventName> = z.infer<(typeof EVENTS)[Name]['payload']>
export const EVENT_NAMES = Object.keys(EVENTS) as [EventName, ...EventName[]]

type NamespaceOf<Name extends string> = Name extends `${infer Namespace}.${string}` ? Namespace : never

/** What `topics` of `session.subscribe` may name: the namespaces of the events. `server.*` is always sent. */
export type Topic = Exclude<NamespaceOf<EventName>, 'server'>
export const TOPICS = [...new Set(EVENT_NAMES.map(topicOf))].filter((topic) => topic !== 'server')

/** The namespace of an event. */
export function topicOf(name: EventName): Topic | 'server' {
  // The part before the dot, as in the type.
  return name.slice(0, name.indexOf('.')) as Topic | 'server'
}

/** Publishes one event to every subscriber. Implemented by the control plane; called by the rest of the daemon. */
export interface EventPublisher {
  publish<Name extends EventName>(name: Name, payload: EventPayload<Name>): void
}
