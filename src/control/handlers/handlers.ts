import type { MethodName, MethodResult, ParsedParams } from '../../protocol/methods.ts'
import type { ClientSession } from '../websocket/client-session.ts'

/** A handler that answers without awaiting is answered within the same turn of the event loop. */
type Handler<Name extends MethodName> = (
  params: ParsedParams<Name>,
  session: ClientSession,
) => MethodResult<Name> | Promise<MethodResult<Name>>

export type Handlers = { [Name in MethodName]: Handler<Name> }

/** The handlers of one namespace. */
export type NamespaceHandlers<Namespace extends string> = Pick<
  Handlers,
  Extract<MethodName, `${Namespace}.${string}`>
>
