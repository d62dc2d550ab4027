import type { WebSocket } from 'ws'

/** Above this the queue holds frames back here, where superseded ones can still be dropped. */
const SOCKET_BUFFER_BYTES = 64 * 1_024
/** A peer that leaves this much unread is cut off, so that it costs nobody else anything. */
export const MAX_UNSENT_BYTES = 4 * 1_024 * 1_024

interface Waiting {
  text: string
  bytes: number
  coalesceKey: string | null
}

/**
 * What is on its way to one peer, in order. While the peer does not read, a newer frame with the same key replaces the
 * waiting one; everything else waits, up to a bound of bytes, and then `overflow` is called once.
 */
export class OutboundQueue {
  readonly #socket: WebSocket
  readonly #overflow: () => void
  #waiting = new Set<Waiting>()
  #byKey = new Map<string, Waiting>()
  #waitingBytes = 0
  #overflowed = false

  constructor(socket: WebSocket, overflow: () => void) {
    this.#socket = socket
    this.#overflow = overflow
  }

  send(text: string, coalesceKey: string | null): void {
    if (this.#overflowed || this.#socket.readyState !== this.#socket.OPEN) return
    if (this.#waiting.size === 0 && this.#socket.bufferedAmount < SOCKET_BUFFER_BYTES) {
      this.#write(text)
      return
    }
    this.#hold({ text, bytes: Buffer.byteLength(text), coalesceKey })
    if (this.#waitingBytes + this.#socket.bufferedAmount > MAX_UNSENT_BYTES) {
      this.#overflowed = true
      this.#waiting.clear()
      this.#byKey.clear()
      this.#overflow()
    }
  }

  #hold(frame: Waiting): void {
    if (frame.coalesceKey !== null) {
      const superseded = this.#byKey.get(frame.coalesceKey)
      if (superseded !== undefined) this.#release(superseded)
      this.#byKey.set(frame.coalesceKey, frame)
    }
    this.#waiting.add(frame)
    this.#waitingBytes += frame.bytes
  }

  #release(frame: Waiting): void {
    this.#waiting.delete(frame)
    this.#waitingBytes -= frame.bytes
    if (frame.coalesceKey !== null) this.#byKey.delete(frame.coalesceKey)
  }

  #write(text: string): void {
    this.#socket.send(text, () => this.#drain())
  }

  #drain(): void {
    for (const frame of this.#waiting) {
      if (this.#socket.bufferedAmount >= SOCKET_BUFFER_BYTES) return
      this.#release(frame)
      this.#write(frame.text)
    }
  }
}
