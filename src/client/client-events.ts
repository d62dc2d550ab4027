import type { EventName, EventPayload } from '../protocol/events.ts'
import type { MethodResult } from '../protocol/methods.ts'
import type { RequestError } from './request-error.ts'

/**
 * `connecting`: on the way to the first answer. `ready`: authenticated and subscribed. `daemon_offline`: it does not
 * answer; trying again by itself. `tunnel_unreachable`: the same, but the way to the daemon is closed, whether or not the
 * daemon runs: `error.code` says where. `token_unavailable`: the token function failed; it is asked again. `unauthorized`: the token
 * was refused; only a new token helps. `closed`: `close()` was called, or `connect()` not yet, or `error` says why no attempt
 * follows.
 */
export type ClientState =
  | 'connecting'
  | 'ready'
  | 'daemon_offline'
  | 'tunnel_unreachable'
  | 'token_unavailable'
  | 'unauthorized'
  | 'closed'

export interface ClientStateChange {
  state: ClientState
  /** Why the client is not ready, where something failed. */
  error: RequestError | null
  /** Milliseconds until the next attempt, where one follows. */
  retryInMs: number | null
}

export interface EventMeta {
  /** `null` for events that the daemon never stores. */
  eventId: number | null
  /** ISO 8601, by the daemon's clock. */
  at: string
  /** True for events sent again after a reconnect: the snapshot before them contains their effect already. */
  replayed: boolean
}

/** What follows a (re)subscription before any event does. */
export type Subscription = MethodResult<'session.subscribe'>

/** Every event a client emits, with the arguments of its listeners. */
export type ClientEvents = {
  [Name in EventName]: [payload: EventPayload<Name>, meta: EventMeta]
} & {
  state: [change: ClientStateChange]
  /** After every (re)connect; replaces what the listener knew. */
  snapshot: [subscription: Subscription]
}
