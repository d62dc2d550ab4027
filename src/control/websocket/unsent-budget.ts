/** What all peers together may leave unread: a thousand of them that stop reading must not fill the memory. */
const MAX_TOTAL_BYTES = 64 * 1_024 * 1_024

/** Something that keeps bytes for a peer and can give them up. */
export interface UnsentQueue {
  readonly heldBytes: number
  /** Whose peer it is: the bytes of all queues of one holder are added up. */
  readonly holder: string
  /** Gives everything up; called when its holder keeps the most, and it the most of that. */
  cutOff(): void
}

/**
 * One bound over all peers. Whoever reads keeps next to nothing here, so it is a stalled one that pays: one of the holder
 * with the most in all, so that many sockets of one token cannot cut off the slow socket of another.
 */
export class UnsentBudget {
  readonly #queues = new Set<UnsentQueue>()
  readonly #maxBytes: number
  #bytes = 0

  constructor(maxBytes = MAX_TOTAL_BYTES) {
    this.#maxBytes = maxBytes
  }

  /** `bytes` more are held by `queue`, or less when negative. */
  changed(queue: UnsentQueue, bytes: number): void {
    this.#bytes += bytes
    if (queue.heldBytes === 0) this.#queues.delete(queue)
    else this.#queues.add(queue)
    if (this.#bytes > this.#maxBytes) this.#greediest()?.cutOff()
  }

  #greediest(): UnsentQueue | null {
    const held = new Map<string, number>()
    for (const { holder, heldBytes } of this.#queues) held.set(holder, (held.get(holder) ?? 0) + heldBytes)
    const most = Math.max(...held.values())
    let greediest: UnsentQueue | null = null
    for (const queue of this.#queues) {
      if (held.get(queue.holder) === most && queue.heldBytes > (greediest?.heldBytes ?? 0)) greediest = queue
    }
    return greediest
  }
}
