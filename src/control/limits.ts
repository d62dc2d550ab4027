/** Bounds of one control connection. */
export interface ConnectionLimits {
  /** How long a client may take to authenticate. */
  authenticationMs: number
  unauthenticatedPayloadBytes: number
  requests: { burst: number; perSecond: number }
  /** Pings and pongs of the client. */
  controlFrames: { burst: number; perSecond: number }
  requestsInFlight: number
  /** Refused requests in a row after which the socket is closed. */
  refusalsBeforeClose: number
  /** How long a peer may take to answer the closing handshake. */
  closeMs: number
}

/** Bounds of the control plane as a whole. */
export interface ControlLimits extends ConnectionLimits {
  payloadBytes: number
  heartbeatMs: number
  connections: number
  unauthenticatedConnections: number
}

export const DEFAULT_LIMITS: ControlLimits = {
  authenticationMs: 5_000,
  unauthenticatedPayloadBytes: 8 * 1_024,
  requests: { burst: 200, perSecond: 50 },
  controlFrames: { burst: 60, perSecond: 2 },
  requestsInFlight: 32,
  refusalsBeforeClose: 100,
  closeMs: 1_000,
  payloadBytes: 64 * 1_024,
  heartbeatMs: 25_000,
  connections: 2_048,
  unauthenticatedConnections: 256,
}
