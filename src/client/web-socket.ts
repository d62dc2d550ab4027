/** The part of the WebSocket interface that the client uses; browsers' `WebSocket` and `ws` both have it. */
export interface ClientWebSocket {
  send(data: string): void
  close(code?: number, reason?: string): void
  addEventListener(type: 'open', listener: () => void): void
  /** Where the event has an `error`, as that of `ws` has, it says more than a browser does. */
  addEventListener(type: 'error', listener: (event: object) => void): void
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void
  addEventListener(type: 'close', listener: (event: { code: number; reason: string }) => void): void
}

export type ClientWebSocketConstructor = new (url: string) => ClientWebSocket
