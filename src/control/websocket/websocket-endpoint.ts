import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import { PROTOCOL_VERSION, WEBSOCKET_SUBPROTOCOL, helloFrameSchema } from '../../protocol/frames.ts'
import type { HelloFrame } from '../../protocol/frames.ts'
import type { Identity, Refusal } from '../auth/authenticate.ts'
import { bearerOfUpgrade } from '../http/bearer-of.ts'
import { ClientConnection } from './client-connection.ts'
import type { ClientConnectionDeps } from './client-connection.ts'
import { IdentityWatch } from './identity-watch.ts'
import { socketAddress } from '../auth/daemon-proof.ts'
import type { ControlLimits } from '../limits/limits.ts'
import { LogAllowance } from '../limits/log-allowance.ts'
import { refuseSocket } from '../http/refuse-socket.ts'
import { clientAddress } from '../http/client-address.ts'
import { UnsentBudget } from './unsent-budget.ts'

/** Of one message. Each keeps a piece of memory until the last one is there, however short it is. */
const MAX_FRAGMENTS = 64
/** Pieces in which one frame may arrive: 64 KiB in the smallest packets of real networks. */
const MAX_BUFFERED_CHUNKS = 512
const WEBSOCKET_PATH = '/v1/ws'

export interface WebSocketEndpointDeps extends Omit<ClientConnectionDeps, 'unsent' | 'lines' | 'identified'> {
  limits: ControlLimits
  version: string
  isOriginAllowed: (origin: string | undefined) => boolean
}

/** Upgrades requests to `/v1/ws` and keeps the connections: counts them, sends heartbeats, closes them at the end. */
export class WebSocketEndpoint {
  readonly #deps: WebSocketEndpointDeps
  readonly #server: WebSocketServer
  readonly #connections = new Set<ClientConnection>()
  readonly #unsent = new UnsentBudget()
  readonly #lines: ClientConnectionDeps['lines']
  /** Bounds the log lines about tokens that could not be judged. */
  readonly #failureLines: LogAllowance
  readonly #hello: HelloFrame
  readonly #identities: IdentityWatch
  #heartbeat: NodeJS.Timeout | null = null
  #stopping = false

  constructor(deps: WebSocketEndpointDeps) {
    this.#deps = deps
    const { authenticator, now } = deps
    this.#identities = new IdentityWatch({ authenticator, connections: this.#connections })
    this.#lines = { cutOff: new LogAllowance(now), blind: new LogAllowance(now) }
    this.#failureLines = new LogAllowance(now)
    this.#server = new WebSocketServer({
      noServer: true,
      maxPayload: deps.limits.payloadBytes,
      perMessageDeflate: false,
      maxFragments: MAX_FRAGMENTS,
      maxBufferedChunks: MAX_BUFFERED_CHUNKS,
      // One message a turn of the event loop, so that a socket full of requests does not keep the others waiting.
      allowSynchronousEvents: false,
      handleProtocols: (offered) => (offered.has(WEBSOCKET_SUBPROTOCOL) ? WEBSOCKET_SUBPROTOCOL : false),
    })
    // A request that is no WebSocket handshake: the library would answer it without the headers.
    this.#server.on('wsClientError', (_error, socket, request) =>
      refuseSocket(socket, request.method === 'GET' ? 400 : 405),
    )
    this.#hello = helloFrameSchema.parse({
      jsonrpc: '2.0',
      method: 'server.hello',
      params: {
        name: 'whatsappd',
        version: deps.version,
        minProtocolVersion: PROTOCOL_VERSION,
        maxProtocolVersion: PROTOCOL_VERSION,
      },
    })
  }

  /** Open ones, with a token or without. */
  get clients(): number {
    return this.#connections.size
  }

  /** For the HTTP server's `upgrade` event. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy())
    const status = this.#refusal(request)
    if (status === null) void this.#accept(request, socket, head)
    else refuseSocket(socket, status)
  }

  /** Closes every connection and resolves when all are gone. Idempotent. */
  async stop(): Promise<void> {
    this.#stopping = true
    this.#rest()
    const closed = [...this.#server.clients].map(
      (client) => new Promise<void>((resolve) => client.once('close', () => resolve())),
    )
    for (const connection of this.#connections) connection.close('stopping')
    await Promise.all(closed)
    this.#server.close()
  }

  /** Without a socket there is nothing to look after: a token is judged when it comes. */
  #watch(): void {
    if (this.#stopping) return
    this.#heartbeat ??= setInterval(() => {
      for (const connection of this.#connections) connection.beat()
    }, this.#deps.limits.heartbeatMs)
    this.#identities.start()
  }

  #rest(): void {
    if (this.#heartbeat !== null) clearInterval(this.#heartbeat)
    this.#heartbeat = null
    this.#identities.stop()
  }

  #refusal(request: IncomingMessage): number | null {
    const { isOriginAllowed } = this.#deps
    if (request.url?.split('?', 1)[0] !== WEBSOCKET_PATH) return 404
    if (!isOriginAllowed(request.headers.origin)) return 403
    return this.#stopping ? 503 : null
  }

  /** A token that comes with the upgrade is judged first, so that its holder is served however many sockets wait without one. */
  async #accept(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const { authenticator, logger } = this.#deps
    const token = bearerOfUpgrade(request)
    let bearer: Identity | Refusal | null = null
    try {
      if (token !== null) bearer = await authenticator.authenticate(token)
    } catch (error) {
      this.#failureLines.line((leftOut) =>
        logger.error({ err: error, leftOut }, 'a token could not be judged'),
      )
      return refuseSocket(socket, 500)
    }
    if (this.#stopping) return refuseSocket(socket, 503)
    this.#makeRoom()
    this.#server.handleUpgrade(request, socket, head, (webSocket) => {
      const { localAddress, localPort } = request.socket
      const connection = new ClientConnection(
        webSocket,
        { source: clientAddress(request), localAddress: socketAddress(localAddress, localPort) },
        {
          ...this.#deps,
          unsent: this.#unsent,
          lines: this.#lines,
          identified: () => this.#identities.start(),
        },
      )
      this.#connections.add(connection)
      webSocket.once('close', () => {
        this.#connections.delete(connection)
        if (this.#connections.size === 0) this.#rest()
      })
      connection.start(this.#hello, bearer)
      this.#watch()
    })
  }

  /**
   * Where too many sockets wait for a token, the oldest of the source that has most of them is closed: if the newest were
   * rejected, idle sockets could keep the owner out.
   */
  #makeRoom(): void {
    const waiting = [...this.#connections].filter(({ identity }) => identity === null)
    if (waiting.length < this.#deps.limits.unauthenticatedConnections) return
    const counts = new Map<string, number>()
    for (const { source } of waiting) counts.set(source, (counts.get(source) ?? 0) + 1)
    const most = Math.max(...counts.values())
    waiting.find(({ source }) => counts.get(source) === most)?.giveWay()
  }
}
