import { createServer } from 'node:http'
import type { IncomingMessage, RequestListener, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import type { BodyTime } from './body-time.ts'
import { HeadTime } from './head-time.ts'
import { HttpConnections } from './http-connections.ts'
import { refuseSocket } from './refuse-socket.ts'
import { SECURITY_HEADERS } from './security-headers.ts'

/** The longest that a timer can be: Node's own checks are replaced by `HeadTime` and `BodyTime`, and cannot be switched off. */
const NEVER_MS = 2 ** 31 - 1
/** Without a byte in either direction; a WebSocket has its heartbeat instead. */
const SILENCE_TIMEOUT_MS = 30_000
const MAX_HEADER_BYTES = 16 * 1_024
const STATUS_OF_PARSE_ERROR: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
}

/**
 * An HTTP server whose connections are bounded, whose requests have short times, and whose every answer carries the
 * `SECURITY_HEADERS`, also those that Node gives by itself. It does not listen yet.
 */
export function createHttpServer(
  handleRequest: RequestListener,
  handleUpgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void,
  limits: { tcpConnections: number; headMs: number; keepAliveMs: number; bodies: BodyTime },
): Server {
  const server = createServer(
    {
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: 0,
      requestTimeout: 0,
      connectionsCheckingInterval: NEVER_MS,
      // Node would answer such a request itself, without headers; the listener refuses it.
      requireHostHeader: false,
    },
    (request, response) => {
      for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value)
      limits.bodies.limit(request, () => {
        if (response.headersSent) request.socket.destroy()
        else refuseSocket(request.socket, 408)
      })
      handleRequest(request, response)
    },
  )
  server.timeout = SILENCE_TIMEOUT_MS
  server.keepAliveTimeout = limits.keepAliveMs
  new HttpConnections(limits.tcpConnections).follow(server)
  new HeadTime(limits.headMs).follow(server)
  server.on('upgrade', handleUpgrade)
  server.on('connect', (_request, socket) => refuseSocket(socket, 405))
  server.on('checkExpectation', (_request, response) => {
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value)
    response.writeHead(417).end()
  })
  server.on('clientError', (error: Error & { code?: string }, socket) => {
    if (error.code === 'ECONNRESET' || !socket.writable) socket.destroy()
    else refuseSocket(socket, STATUS_OF_PARSE_ERROR[error.code ?? ''] ?? 400)
  })
  return server
}
