import type { WebSocket } from 'ws'
import type { UnsentBudget, UnsentQueue } from './unsent-budget.ts'

/** Above this the queue holds frames back here, where superseded ones can still be dropped. */
const SOCKET_BUFFER_BYTES = 64 * 1_024
/** A peer that leaves this much unread is cut off. More than the longest replay; the rest it gets with `since`. */
export const MAX_UNSENT_BYTES = 1_024 * 1_024

interface Waiting {
  text: string
  bytes: number
  coalesceKey: string | null
  written: (() => void) | undefined
}

/**
 * What is on its way to one peer, in order. While the peer does not read, frames wait up to a bound of bytes, the
 * peer's own and that of all together; then `overflow` is called once and nothing more is sent.
 */
export class OutboundQueue implements UnsentQueue {
  readonly #socket: WebSocket
  readonly #budget: UnsentBudget
  readonly #overflow: () => void
  readonly #holderNow: () => string
  readonly #waiting = new Set<Waiting>()
  readonly #byKey = new Map<string, Waiting>()
  #waitingBytes = 0
  #overflowed = false

  /** `holder`: whose peer it is now, for the bound of all together. */
  constructor(socket: WebSocket, budget: UnsentBudget, overflow: () => void, holder: () => string) {
    this.#socket = socket
    this.#budget = budget
    this.#overflow = overflow
    this.#holderNow = holder
    socket.once('close', () => this.#clear())
  }

  get holder(): string {
    return this.#holderNow()
  }

  get heldBytes(): number {
    return this.#waitingBytes
  }

  /** An answer or an event that is part of a history: never dropped, never overtaken. `written` is called when the socket took it. */
  sendOrdered(text: string, written?: () => void): void {
    this.#send(text, null, written)
  }

  /** A state: while it waits, a newer one with the same key takes its place. */
  sendCoalescable(text: string, key: string): void {
    this.#send(text, key)
  }

  cutOff(): void {
    if (this.#overflowed) return
    this.#overflowed = true
    this.#clear()
    this.#overflow()
  }

  #send(text: string, coalesceKey: string | null, written?: () => void): void {
    if (this.#overflowed || this.#socket.readyState !== this.#socket.OPEN) return
    if (this.#waiting.size === 0 && this.#socket.bufferedAmount < SOCKET_BUFFER_BYTES) {
      this.#write(text, written)
      return
    }
    this.#hold({ text, bytes: Buffer.byteLength(text), coalesceKey, written })
    if (this.#waitingBytes + this.#socket.bufferedAmount > MAX_UNSENT_BYTES) this.cutOff()
  }

  #hold(frame: Waiting): void {
    if (frame.coalesceKey !== null) {
      const superseded = this.#byKey.get(frame.coalesceKey)
      if (superseded !== undefined) this.#release(superseded)
      this.#byKey.set(frame.coalesceKey, frame)
    }
    this.#waiting.add(frame)
    this.#count(frame.bytes)
  }

  #release(frame: Waiting): void {
    this.#waiting.delete(frame)
    if (frame.coalesceKey !== null) this.#byKey.delete(frame.coalesceKey)
    this.#count(-frame.bytes)
  }

  #clear(): void {
    this.#waiting.clear()
    this.#byKey.clear()
    this.#count(-this.#waitingBytes)
  }

  #count(bytes: number): void {
    this.#waitingBytes += bytes
    this.#budget.changed(this, bytes)
  }

  #write(text: string, written?: () => void): void {
    this.#socket.send(text, () => {
      this.#drain()
      written?.()
    })
  }

  #drain(): void {
    for (const frame of this.#waiting) {
      if (this.#socket.bufferedAmount >= SOCKET_BUFFER_BYTES) return
      this.#release(frame)
      this.#write(frame.text, frame.written)
    }
  }
}
