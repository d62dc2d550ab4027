/** What all peers together may leave unread: a thousand of them that stop reading must not fill the memory. */
const MAX_TOTAL_BYTES = 64 * 1_024 * 1_024

/** Something that keeps bytes for a peer and can give them up. */
export interface Holder {
  readonly heldBytes: number
  /** Gives everything up; called when it holds the most. */
  cutOff(): void
}

/** One bound over all peers. Whoever reads keeps next to nothing here, so it is a stalled one that pays. */
export class UnsentBudget {
  readonly #holders = new Set<Holder>()
  readonly #maxBytes: number
  #bytes = 0

  constructor(maxBytes = MAX_TOTAL_BYTES) {
    this.#maxBytes = maxBytes
  }

  /** `bytes` more are held by `holder`, or less when negative. */
  changed(holder: Holder, bytes: number): void {
    this.#bytes += bytes
    if (holder.heldBytes === 0) this.#holders.delete(holder)
    else this.#holders.add(holder)
    if (this.#bytes > this.#maxBytes) this.#greediest()?.cutOff()
  }

  #greediest(): Holder | null {
    let most: Holder | null = null
    for (const holder of this.#holders) if (holder.heldBytes > (most?.heldBytes ?? 0)) most = holder
    return most
  }
}
