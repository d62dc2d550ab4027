import { STATUS_CODES } from 'node:http'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import {
  BEARER_SUBPROTOCOL_PREFIX,
  PROTOCOL_VERSION,
  WEBSOCKET_SUBPROTOCOL,
  helloFrameSchema,
} from '../protocol/frames.ts'
import type { HelloFrame } from '../protocol/frames.ts'
import { Connection } from './connection.ts'
import type { ConnectionDependencies } from './connection.ts'
import type { ControlLimits } from './limits.ts'
import { UnsentBudget } from './unsent-budget.ts'

const WEBSOCKET_PATH = '/v1/ws'

export interface WebSocketEndpointDependencies extends Omit<ConnectionDependencies, 'unsent'> {
  limits: ControlLimits
  version: string
  isOriginAllowed: (origin: string | undefined) => boolean
}

/** Upgrades requests to `/v1/ws` and keeps the connections: counts them, beats their hearts, closes them at the end. */
export class WebSocketEndpoint {
  readonly #dependencies: WebSocketEndpointDependencies
  readonly #server: WebSocketServer
  readonly #connections = new Set<Connection>()
  readonly #unsent = new UnsentBudget()
  readonly #hello: HelloFrame
  #heartbeat: NodeJS.Timeout | null = null
  #stopping = false

  constructor(dependencies: WebSocketEndpointDependencies) {
    this.#dependencies = dependencies
    this.#server = new WebSocketServer({
      noServer: true,
      maxPayload: dependencies.limits.payloadBytes,
      perMessageDeflate: false,
      handleProtocols: (offered) => (offered.has(WEBSOCKET_SUBPROTOCOL) ? WEBSOCKET_SUBPROTOCOL : false),
    })
    this.#hello = helloFrameSchema.parse({
      jsonrpc: '2.0',
      method: 'server.hello',
      params: {
        name: 'whatsappd',
        version: dependencies.version,
        minProtocolVersion: PROTOCOL_VERSION,
        maxProtocolVersion: PROTOCOL_VERSION,
      },
    })
  }

  start(): void {
    this.#heartbeat = setInterval(() => {
      for (const connection of this.#connections) connection.beat()
    }, this.#dependencies.limits.heartbeatMs)
  }

  /** For the HTTP server's `upgrade` event. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy())
    const status = this.#refusal(request)
    if (status !== null) {
      refuseUpgrade(socket, status)
      return
    }
    this.#server.handleUpgrade(request, socket, head, (webSocket) => {
      const connection = new Connection(webSocket, { ...this.#dependencies, unsent: this.#unsent })
      this.#connections.add(connection)
      webSocket.once('close', () => this.#connections.delete(connection))
      connection.start(this.#hello, bearerOf(request))
    })
  }

  /** Closes every connection and resolves when all are gone. Idempotent. */
  async stop(): Promise<void> {
    this.#stopping = true
    if (this.#heartbeat !== null) clearInterval(this.#heartbeat)
    const closed = [...this.#server.clients].map(
      (client) => new Promise<void>((resolve) => client.once('close', () => resolve())),
    )
    for (const connection of this.#connections) connection.close('stopping')
    await Promise.all(closed)
    this.#server.close()
  }

  #refusal(request: IncomingMessage): number | null {
    const { isOriginAllowed, limits } = this.#dependencies
    if (request.url?.split('?', 1)[0] !== WEBSOCKET_PATH) return 404
    if (!isOriginAllowed(request.headers.origin)) return 403
    const unauthenticated = [...this.#connections].filter((connection) => connection.identity === null).length
    const full =
      this.#connections.size >= limits.connections || unauthenticated >= limits.unauthenticatedConnections
    return this.#stopping || full ? 503 : null
  }
}

/** The token of `Sec-WebSocket-Protocol: whatsappd.v1, bearer.<token>`; `null` without one. */
function bearerOf(request: IncomingMessage): string | null {
  const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim())
  const bearer = offered.find((name) => name.startsWith(BEARER_SUBPROTOCOL_PREFIX))
  return bearer === undefined ? null : bearer.slice(BEARER_SUBPROTOCOL_PREFIX.length)
}

function refuseUpgrade(socket: Duplex, status: number): void {
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nConnection: close\r\nContent-Length: 0\r\nCache-Control: no-store\r\n\r\n`,
    () => socket.destroy(),
  )
}
