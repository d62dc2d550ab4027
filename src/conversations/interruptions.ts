/** Connections that end under one message until that counts as an attempt: some end because of it. */
const INTERRUPTIONS_AN_ATTEMPT = 5

/** Connections that ended while a message was on its way. */
export class Interruptions {
  /** The message under which they ended last, and how many since that last counted. */
  #last: { id: string; count: number } | null = null

  /** One more; whether too few have ended under this message for it to be the cause. */
  isBadLuck(id: string): boolean {
    const before = this.#last?.id === id ? this.#last.count : 0
    const count = (before + 1) % INTERRUPTIONS_AN_ATTEMPT
    this.#last = { id, count }
    return count > 0
  }
}
