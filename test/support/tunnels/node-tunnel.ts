import { createServer, type Server } from 'node:https'
import { once } from 'node:events'
import type { AddressInfo, Socket } from 'node:net'
import { createProxyServer } from 'httpxy'
import {
  type Certificate,
  OUTSIDE_HOST,
  selfSignedCertificate,
  type Tunnel,
  type TunnelOptions,
} from './tunnel.ts'

/** The tunnel as a process of Node's, with a proxy library. */
export class NodeTunnel implements Tunnel {
  readonly #options: TunnelOptions
  readonly #sockets = new Set<Socket>()
  readonly #webSockets = new Set<Socket>()
  #certificate: Certificate | null = null
  #server: Server | null = null
  #port = 0

  constructor(options: TunnelOptions) {
    this.#options = options
  }

  get origin(): string {
    return `https://localhost:${this.#port}`
  }

  /** How many WebSockets are open. */
  get webSockets(): number {
    return this.#webSockets.size
  }

  async start(): Promise<void> {
    const { target, idleMs } = this.#options
    this.#certificate ??= await selfSignedCertificate()
    const proxy = createProxyServer({ target, ws: true, xfwd: true, headers: { host: OUTSIDE_HOST } })
    // A daemon that is not there is daily business here: the caller sees a bad gateway.
    proxy.on('error', (_error, _request, response) => {
      if (response !== undefined && 'writeHead' in response) response.writeHead(502).end()
      else response?.destroy()
    })
    const server = createServer(this.#certificate, (request, response) => {
      proxy.web(request, response).catch(() => response.destroy())
    })
    server.on('upgrade', (request, socket: Socket, head) => {
      this.#webSockets.add(socket)
      socket.on('close', () => this.#webSockets.delete(socket))
      proxy.ws(request, socket, {}, head).catch(() => socket.destroy())
    })
    server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket)
      socket.setTimeout(idleMs, () => socket.destroy())
      socket.on('close', () => this.#sockets.delete(socket))
      socket.on('error', () => socket.destroy())
    })
    server.listen(this.#port, '127.0.0.1')
    await once(server, 'listening')
    this.#port = (server.address() as AddressInfo).port // a TCP server has an address of this shape
    this.#server = server
  }

  async stop(): Promise<void> {
    const server = this.#server
    this.#server = null
    if (server === null) return
    const closed = once(server, 'close')
    server.close()
    for (const socket of this.#sockets) socket.destroy()
    await closed
  }

  remove(): Promise<void> {
    return this.stop()
  }
}
