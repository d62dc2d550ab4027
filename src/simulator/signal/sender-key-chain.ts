import { createHmac } from 'node:crypto'

/** How far a message may be ahead, and how many keys of overtaken messages are kept; libsignal's own limit. */
const MOST_SKIPPED = 2000

const step = (chainKey: Uint8Array, label: number): Buffer =>
  createHmac('sha256', chainKey)
    .update(Buffer.from([label]))
    .digest()

/** One sender's chain of message keys in a group. Every step forgets the key before it; overtaken ones are kept. */
export class SenderKeyChain {
  #iteration: number
  #chainKey: Uint8Array
  readonly #skipped = new Map<number, Buffer>()

  constructor(iteration: number, chainKey: Uint8Array) {
    this.#iteration = iteration
    this.#chainKey = chainKey
  }

  /** The position of the chain: a reader who gets it can read from here on. */
  get position(): { iteration: number; chainKey: Uint8Array } {
    return { iteration: this.#iteration, chainKey: this.#chainKey }
  }

  /** The seed of the next message's key. */
  next(): { iteration: number; seed: Buffer } {
    const iteration = this.#iteration
    return { iteration, seed: this.at(iteration) }
  }

  /** The seed of this message's key, once. Throws for a message that was read before or is too far ahead. */
  at(iteration: number): Buffer {
    const kept = this.#skipped.get(iteration)
    if (kept !== undefined) {
      this.#skipped.delete(iteration)
      return kept
    }
    if (iteration < this.#iteration) throw new Error(`old counter ${iteration}, expected ${this.#iteration}`)
    if (iteration - this.#iteration > MOST_SKIPPED) throw new Error(`counter ${iteration} is too far ahead`)
    while (this.#iteration < iteration) this.#skipped.set(this.#iteration, this.#advance())
    while (this.#skipped.size > MOST_SKIPPED)
      this.#skipped.delete(this.#skipped.keys().next().value ?? iteration)
    return this.#advance()
  }

  #advance(): Buffer {
    const seed = step(this.#chainKey, 1)
    this.#chainKey = step(this.#chainKey, 2)
    this.#iteration++
    return seed
  }
}
