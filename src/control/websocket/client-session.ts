import type { Identity } from '../auth/authenticate.ts'
import type { Topic } from '../../protocol/events.ts'

/** What handlers may do to the connection that called them. */
export interface ClientSession {
  /** `null` before `session.authenticate`. */
  readonly identity: Identity | null
  /** The daemon's end of the socket, `host:port`. */
  readonly localAddress: string
  /** Rejects with `DaemonError` (`unauthorized`); the connection is closed after the answer. */
  authenticate(token: string): Promise<Identity>
  /** Asks the hub for what was missed and, right after the answer went out, sends it and what follows. */
  subscribe(topics: ReadonlySet<Topic> | null, since: number | undefined): SubscriptionStart
}

export interface SubscriptionStart {
  eventId: number
  replayed: number
  gap: boolean
}
