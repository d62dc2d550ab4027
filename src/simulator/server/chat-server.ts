import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { WebSocketServer } from 'ws'
import { CertificateAuthority } from '../wire/certificate-authority.ts'
import type { ServerCertificate } from '../wire/noise-server.ts'
import type { Stanza } from '../wire/stanza.ts'
import { ClientSession } from './client-session.ts'
import { versionPage } from './version-page.ts'
import type { LinkedCompanion } from './linked-companion.ts'
import type { Network } from './network.ts'

const HOST = '127.0.0.1'
const PATH = '/ws/chat'
const VERSION_PATH = '/sw.js'
const MAX_FRAME_BYTES = 1 << 24

type Trace = (direction: 'in' | 'out', node: Stanza, session: ClientSession) => void

/** The WebSocket server on loopback that clients connect to, and the sessions of its open sockets. */
export class ChatServer {
  readonly #certificates = new CertificateAuthority()
  readonly #impostor = new CertificateAuthority()
  readonly #sessions = new Set<ClientSession>()
  readonly #deps: { network: Network; trace: Trace }
  #server: Server | undefined
  #versionQuestions = 0

  constructor(deps: { network: Network; trace: Trace }) {
    this.#deps = deps
  }

  /** Resolves when the server listens; port 0 takes a free one. Rejects when the port is taken. Idempotent. */
  async start(port: number): Promise<void> {
    if (this.#server !== undefined) return
    const webSockets = new WebSocketServer({
      noServer: true,
      maxPayload: MAX_FRAME_BYTES,
      perMessageDeflate: false,
    })
    const server = createServer((request, response) => {
      if (this.#deps.network.media.handle(request, response)) return
      if (request.url !== VERSION_PATH) return void response.writeHead(426).end()
      const { status, body } = versionPage(request, this.#deps.network.faults)
      this.#versionQuestions += 1
      response.writeHead(status, { 'content-type': 'application/javascript' }).end(body)
    })
    server.on('upgrade', (request, socket, head) => {
      // `upgrade` hands over a stream; on an http server it is the TCP socket.
      this.#upgrade(webSockets, request, socket as Socket, head)
    })
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(port, HOST, resolve)
    })
    this.#server = server
  }

  /** Closes every socket and frees the port. Idempotent. */
  async stop(): Promise<void> {
    const server = this.#server
    this.#server = undefined
    for (const session of this.#sessions) session.terminate()
    if (server === undefined) return
    server.closeAllConnections()
    await new Promise<void>((resolve) => server.close(() => resolve()))
  }

  get isRunning(): boolean {
    return this.#server !== undefined
  }

  /** Throws when the server is not running. */
  get webSocketUrl(): string {
    // A server that listens on a TCP port has an address of this shape.
    const address = this.#server?.address() as AddressInfo | null | undefined
    if (!address) throw new Error('the simulator is not running')
    return `ws://${HOST}:${address.port}${PATH}`
  }

  /** The page that names the current client revision, as WhatsApp's `sw.js` does. Throws when the server is not running. */
  get versionPageUrl(): string {
    return this.webSocketUrl.replace('ws:', 'http:').replace(PATH, VERSION_PATH)
  }

  /** How often that page was asked for. */
  get versionQuestions(): number {
    return this.#versionQuestions
  }

  /** The host and port of everything here. Throws when the server is not running. */
  get host(): string {
    return new URL(this.webSocketUrl).host
  }

  /** The public key of the root that signs the server's certificate: 32 bytes in base64. */
  get noiseRootKey(): string {
    return this.#certificates.rootKey
  }

  get sessions(): ClientSession[] {
    return [...this.#sessions]
  }

  #upgrade(webSockets: WebSocketServer, request: IncomingMessage, socket: Socket, head: Buffer): void {
    socket.on('error', () => undefined)
    const { upgrades } = this.#deps.network.faults
    const status = upgrades.strike() ?? (request.url?.startsWith(PATH) ? undefined : 404)
    if (status !== undefined) {
      socket.end(`HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
      return
    }
    webSockets.handleUpgrade(request, socket, head, (webSocket) => {
      const session = new ClientSession({ host: this.#host(), webSocket, socket })
      this.#sessions.add(session)
      session.start()
    })
  }

  #host() {
    return {
      ...this.#deps,
      certificate: this.#certificate(),
      sessionsOf: (companion: LinkedCompanion) =>
        this.sessions.filter((session) => session.companion === companion && session.isOpen).length,
      closed: (session: ClientSession) => void this.#sessions.delete(session),
    }
  }

  #certificate(): ServerCertificate {
    const { faults, now } = this.#deps.network
    const { certificate } = faults
    const [authority, kind] =
      certificate === 'wrong-root' ? [this.#impostor, 'valid' as const] : [this.#certificates, certificate]
    return { serverKey: authority.serverKey, chain: authority.chain(kind, now()) }
  }
}
