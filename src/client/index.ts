export { WhatsappdClient } from './client.ts'
export type { WhatsappdClientOptions } from './client.ts'
export type {
  ClientEvents,
  ClientState,
  ClientStateChange,
  EventMeta,
  Subscription,
} from './client-events.ts'
export type { Access } from './daemon-socket.ts'
export { RequestError } from './request-error.ts'
export type { ClientErrorCode } from './request-error.ts'
export type { ClientWebSocket, ClientWebSocketConstructor } from './web-socket.ts'
export type { AccountView, CodeOffer, LinkOffer, QrOffer } from '../protocol/account/account.ts'
export type { AccountState } from '../protocol/account/account-states.ts'
export type { AccountConfigView, ConfigView } from '../protocol/config/config-view.ts'
export type { ErrorCode } from '../protocol/errors.ts'
export type { EventName, EventPayload, Topic } from '../protocol/events.ts'
export type { ConfigProblem } from '../protocol/config/config-problem.ts'
export type { MethodName, MethodParams, MethodResult } from '../protocol/methods.ts'
export type { Snapshot } from '../protocol/methods/session.ts'
export type { ReasonCode } from '../protocol/reasons.ts'
