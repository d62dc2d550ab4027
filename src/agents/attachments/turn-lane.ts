import type { AttachedPeer } from './attached-peer.ts'

/**
 * What goes to one peer, frame by frame: the next one is made when the socket has taken the last. A peer that reads slowly delays its own
 * turns, and a burst of them does not fill its queue.
 */
export class TurnLane {
  readonly #peer: Pick<AttachedPeer, 'send'>
  #last: Promise<void> = Promise.resolve()

  constructor(peer: Pick<AttachedPeer, 'send'>) {
    this.#peer = peer
  }

  /** `frame` is called when its place has come; with `null` nothing is sent. It must not throw. */
  send(frame: () => string | null): void {
    this.#last = this.#last.then(() => {
      const text = frame()
      return text === null ? undefined : this.#peer.send(text)
    })
  }
}
