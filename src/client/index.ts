export { WhatsappdClient } from './client.ts'
export type { WhatsappdClientOptions } from './client.ts'
export type {
  ClientEvents,
  ClientState,
  ClientStateChange,
  EventMeta,
  Subscription,
} from './client-events.ts'
export type { Access } from './connection.ts'
export { RequestError } from './request-error.ts'
export type { ClientErrorCode } from './request-error.ts'
export type { ClientWebSocket, ClientWebSocketConstructor } from './web-socket.ts'
export type { AccountState, AccountView, CodeOffer, LinkOffer, QrOffer } from '../protocol/account.ts'
export type { AccountConfigView, ConfigView } from '../protocol/config-view.ts'
export type { ErrorCode } from '../protocol/errors.ts'
export type { ConfigProblem, EventName, EventPayload } from '../protocol/events.ts'
export type { MethodName, MethodParams, MethodResult, Snapshot, Topic } from '../protocol/methods.ts'
export type { ReasonCode } from '../protocol/reasons.ts'
