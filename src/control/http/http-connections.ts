import type { IncomingMessage, Server } from 'node:http'
import type { Socket } from 'node:net'

/**
 * Bounds what is connected to a server, so that a flood leaves descriptors to everything else. When too many are
 * connected, the oldest one without a WebSocket of the busiest address is closed: if the newest were rejected,
 * idle connections could keep the owner out.
 */
export class HttpConnections {
  readonly #limit: number
  readonly #open = new Set<Socket>()
  /** Those of them that are no WebSocket, with their address, the one whose request is oldest first. */
  readonly #plain = new Map<Socket, string>()
  readonly #perAddress = new Map<string, number>()

  constructor(limit: number) {
    this.#limit = limit
  }

  /** Follows every connection of `server` from now on. */
  follow(server: Server): void {
    server.on('connection', (socket: Socket) => this.#add(socket))
    server.on('request', ({ socket }: IncomingMessage) => this.#renew(socket))
    server.on('upgrade', ({ socket }: IncomingMessage) => this.#removePlain(socket))
  }

  #add(socket: Socket): void {
    this.#open.add(socket)
    const address = socket.remoteAddress ?? 'unknown'
    this.#plain.set(socket, address)
    this.#perAddress.set(address, (this.#perAddress.get(address) ?? 0) + 1)
    socket.once('close', () => {
      this.#open.delete(socket)
      this.#removePlain(socket)
    })
    if (this.#open.size > this.#limit) this.#giveWay()
  }

  #renew(socket: Socket): void {
    const address = this.#plain.get(socket)
    if (address === undefined) return
    this.#plain.delete(socket)
    this.#plain.set(socket, address)
  }

  #removePlain(socket: Socket): void {
    const address = this.#plain.get(socket)
    if (address === undefined) return
    this.#plain.delete(socket)
    const left = (this.#perAddress.get(address) ?? 1) - 1
    if (left === 0) this.#perAddress.delete(address)
    else this.#perAddress.set(address, left)
  }

  #giveWay(): void {
    const most = Math.max(...this.#perAddress.values())
    for (const [socket, address] of this.#plain) {
      if (this.#perAddress.get(address) !== most) continue
      this.#removePlain(socket)
      this.#open.delete(socket)
      socket.destroy()
      return
    }
  }
}
