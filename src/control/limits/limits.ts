import { readFileSync } from 'node:fs'

/** `burst` at once and `perSecond` in the long run. */
export interface Rate {
  burst: number
  perSecond: number
}

/** Bounds of one control connection. */
export interface ConnectionLimits {
  /** How long a client may take to authenticate. */
  authenticationMs: number
  unauthenticatedPayloadBytes: number
  requests: Rate
  /** Of a client that is attached to an agent, instead of `requests` and of what its holder may. */
  answers: Rate
  /** Pings and pongs of the client. */
  controlFrames: Rate
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
  /** Everything that is connected to the port, WebSockets included. */
  tcpConnections: number
  /** WebSockets that have authenticated. */
  connections: number
  unauthenticatedConnections: number
  /** How long a connection may take to send the head of an HTTP request. */
  headMs: number
  /** How long a connection may rest behind an answer. */
  keepAliveMs: number
  /** How long the body of an HTTP request may take that is no upload. */
  bodyMs: number
  /** The same for the largest file over a slow tunnel. */
  uploadMs: number
  /** HTTP requests without a token, from one source. */
  publicRequests: Rate
}

const MAX_TCP_CONNECTIONS = 4_096
const MAX_CONNECTIONS = 2_048
const MAX_UNAUTHENTICATED = 256
const MIN_TCP_CONNECTIONS = 16
/** Reserved for databases, WhatsApp's sockets, agents and files that are open for a moment. */
const RESERVED_DESCRIPTORS = 512

/**
 * The bounds of a process that may have `descriptors` files and sockets open: connections leave at least half of them, or
 * 512, to everything else, and plain HTTP always finds a place beside the WebSockets.
 */
export function controlLimits(descriptors: number): ControlLimits {
  const reserved = Math.min(RESERVED_DESCRIPTORS, Math.ceil(descriptors / 2))
  const tcpConnections = Math.max(MIN_TCP_CONNECTIONS, Math.min(MAX_TCP_CONNECTIONS, descriptors - reserved))
  return {
    authenticationMs: 5_000,
    unauthenticatedPayloadBytes: 8 * 1_024,
    requests: { burst: 200, perSecond: 50 },
    answers: { burst: 4_000, perSecond: 1_000 },
    controlFrames: { burst: 60, perSecond: 2 },
    requestsInFlight: 32,
    refusalsBeforeClose: 100,
    closeMs: 1_000,
    payloadBytes: 64 * 1_024,
    heartbeatMs: 25_000,
    headMs: 5_000,
    keepAliveMs: 5_000,
    bodyMs: 10_000,
    uploadMs: 15 * 60_000,
    publicRequests: { burst: 300, perSecond: 100 },
    tcpConnections,
    connections: Math.min(MAX_CONNECTIONS, Math.floor(tcpConnections * 0.75)),
    unauthenticatedConnections: Math.min(MAX_UNAUTHENTICATED, Math.floor(tcpConnections / 8)),
  }
}

/** What is assumed where the system does not say: the usual soft limit. */
const USUAL_LIMIT = 1_024

/** How many files and sockets this process may have open at once. Never throws. */
export function descriptorLimit(): number {
  try {
    const [, soft] = /^Max open files\s+(\S+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? []
    if (soft === 'unlimited') return Number.MAX_SAFE_INTEGER
    return soft === undefined ? USUAL_LIMIT : Number(soft)
  } catch {
    return USUAL_LIMIT
  }
}
