import type { EventName, EventPayload } from './events.ts'

/** Publishes one event to every subscriber. Implemented by the control plane; called by the rest of the daemon. */
export interface EventPublisher {
  publish<Name extends EventName>(name: Name, payload: EventPayload<Name>): void
}
