import { createServer } from 'node:http'
import type { IncomingMessage, RequestListener, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import type { BodyTime } from './body-time.ts'
import { HttpConnections } from './http-connections.ts'
import { refuseSocket } from './refuse-socket.ts'
import { SECURITY_HEADERS } from './security-headers.ts'

const HEADERS_TIMEOUT_MS = 5_000
/** Of the largest file over a slow tunnel; what else has a body has `BodyTime`. */
const REQUEST_TIMEOUT_MS = 15 * 60_000
/** How often Node looks for requests that are over their time. */
const CHECK_INTERVAL_MS = 2_000
/** Without a byte in either direction; a WebSocket has its heartbeat instead. */
const SILENCE_TIMEOUT_MS = 30_000
const MAX_HEADER_BYTES = 16 * 1_024
const STATUS_OF_PARSE_ERROR: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
}

/**
 * An HTTP server whose connections are bounded, whose requests have short times, and whose every answer carries the
 * `SECURITY_HEADERS`, also those that Node gives by itself. It does not listen yet.
 */
export function createHttpServer(
  handleRequest: RequestListener,
  handleUpgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void,
  limits: { tcpConnections: number; bodies: BodyTime },
): Server {
  const server = createServer(
    {
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      connectionsCheckingInterval: CHECK_INTERVAL_MS,
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
  new HttpConnections(limits.tcpConnections).follow(server)
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
