import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { refuseSocket } from './refuse-socket.ts'

interface Plain {
  /** Requests that are not answered yet. */
  open: number
  timer: NodeJS.Timeout | undefined
}

/**
 * How long a connection may take to send the head of a request. Node's own check wakes the process for as long as the server listens, also
 * without a connection; here there is a timer while a connection owes a head, and no other.
 */
export class HeadTime {
  readonly #limitMs: number
  readonly #plain = new Map<Socket, Plain>()

  /** `limitMs`: from the connection on. Behind an answer the connection may rest before, as long as the server keeps it. */
  constructor(limitMs: number) {
    this.#limitMs = limitMs
  }

  /** Follows every connection of `server` from now on. One that is late is answered with 408 and closed. */
  follow(server: Server): void {
    server.on('connection', (socket: Socket) => {
      this.#plain.set(socket, { open: 0, timer: undefined })
      this.#await(socket, this.#limitMs)
      socket.once('close', () => this.#release(socket))
    })
    server.on('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
      const plain = this.#plain.get(socket)
      if (plain === undefined) return
      clearTimeout(plain.timer)
      plain.open += 1
      response.once('close', () => {
        plain.open -= 1
        if (plain.open === 0) this.#await(socket, this.#limitMs + server.keepAliveTimeout)
      })
    })
    // A WebSocket has limits of its own.
    server.on('upgrade', ({ socket }: IncomingMessage) => this.#release(socket))
  }

  #await(socket: Socket, limitMs: number): void {
    const plain = this.#plain.get(socket)
    if (plain === undefined) return
    clearTimeout(plain.timer)
    plain.timer = setTimeout(() => {
      if (socket.writable) refuseSocket(socket, 408)
      else socket.destroy()
    }, limitMs)
    plain.timer.unref()
  }

  #release(socket: Socket): void {
    clearTimeout(this.#plain.get(socket)?.timer)
    this.#plain.delete(socket)
  }
}
