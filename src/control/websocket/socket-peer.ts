import type { AttachedPeer } from '../../agents/attachments/attached-peer.ts'

/** A connection as those see it that hand turns to it. */
export class SocketPeer implements AttachedPeer {
  readonly #send: (text: string, written: () => void) => void
  #left: (() => void) | null = null
  #isAttached = false

  constructor(send: (text: string, written: () => void) => void) {
    this.#send = send
  }

  /** Whether it answers for an agent now. */
  get isAttached(): boolean {
    return this.#isAttached
  }

  send(text: string): Promise<void> {
    return new Promise((resolve) => this.#send(text, resolve))
  }

  attached(isAttached: boolean): void {
    this.#isAttached = isAttached
  }

  onLeft(left: () => void): void {
    this.#left = left
  }

  /** The connection ends, or its token may not answer turns any more. Idempotent. */
  leave(): void {
    const left = this.#left
    this.#left = null
    left?.()
  }
}
