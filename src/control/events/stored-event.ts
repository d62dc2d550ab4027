import type { EventName } from '../../protocol/events.ts'

/** One event of the log. */
export interface StoredEvent {
  id: number
  name: EventName
  /** ISO 8601 UTC. */
  at: string
  /** JSON of the payload. */
  payload: string
}
