import type { AttachedPeer } from '../../agents/attachments/attached-peer.ts'
import type { Topic } from '../../protocol/events.ts'
import type { MethodName, MethodResult, ParsedParams } from '../../protocol/methods.ts'
import type { Identity } from '../auth/authenticate.ts'

/** What handlers may do to the connection that called them. */
export interface ClientSession {
  /** `null` before `session.authenticate`. */
  readonly identity: Identity | null
  /** The daemon's end of the socket, `host:port`. */
  readonly localAddress: string
  /** The connection as the one that answers turns; `null` for a request without a socket. */
  readonly peer: AttachedPeer | null
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

/** A handler that answers without awaiting is answered within the same turn of the event loop. */
type Handler<Name extends MethodName> = (
  params: ParsedParams<Name>,
  session: ClientSession,
) => MethodResult<Name> | Promise<MethodResult<Name>>

export type Handlers = { [Name in MethodName]: Handler<Name> }

/** What is told of calls whose params their schema refuses, before the caller is. What it throws is told in place of that. */
export type Refusals = {
  [Name in MethodName]?: (given: Readonly<Record<string, unknown>>, session: ClientSession) => void
}

/** The handlers of one namespace. */
export type NamespaceHandlers<Namespace extends string> = Pick<
  Handlers,
  Extract<MethodName, `${Namespace}.${string}`>
>
