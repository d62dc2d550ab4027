/** What Node's cipher says of bytes that no key, or another counter, has sealed. */
const OUT_OF_STEP = /authenticat|authentication tag/i

/**
 * What comes by one WebSocket, in its order: Baileys 7.0.0-rc14 unpacks a compressed frame beside those behind it. One
 * stanza that Baileys cannot read, in a frame that decrypts, is left out: sent again with each connection, it would end
 * them all. Two in a row, a frame that does not decrypt, and what a listener throws are the caller's.
 */
export class FrameLane {
  readonly #leftOut: (error: unknown) => void
  #tail: Promise<unknown> = Promise.resolve()
  #isLastLeftOut = false
  #hasListenerFailed = false

  /** `leftOut` gets the reason why a stanza could not be read. */
  constructor(leftOut: (error: unknown) => void) {
    this.#leftOut = leftOut
  }

  /** To be called with each stanza that could be read. */
  stanzaRead(): void {
    this.#isLastLeftOut = false
  }

  /** To be called when somebody threw who listens to stanzas. */
  listenerFailed(): void {
    this.#hasListenerFailed = true
  }

  /** Does `work` when what came before it has been read. Rejects as it does. */
  run(work: () => unknown): Promise<unknown> {
    const turn = this.#tail.then(work)
    this.#tail = turn.catch(() => undefined)
    return turn
  }

  /** Hands bytes to `read` when what came before them has been read. */
  take(bytes: Uint8Array, read: (bytes: Uint8Array) => unknown): Promise<unknown> {
    return this.run(async () => {
      let next = bytes
      while (!(await this.#isRead(next, read))) {
        // What follows the stanza that was left out.
        next = new Uint8Array()
      }
    })
  }

  async #isRead(bytes: Uint8Array, read: (bytes: Uint8Array) => unknown): Promise<boolean> {
    try {
      await read(bytes)
      return true
    } catch (error) {
      const isOutOfStep = error instanceof Error && OUT_OF_STEP.test(error.message)
      if (isOutOfStep || this.#isLastLeftOut || this.#hasListenerFailed) throw error
      this.#isLastLeftOut = true
      this.#leftOut(error)
      return false
    }
  }
}
