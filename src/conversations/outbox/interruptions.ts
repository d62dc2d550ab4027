/** Connections that end under one message until that counts as an attempt: some end because of it. */
const INTERRUPTIONS_AN_ATTEMPT = 5
const MAX_MESSAGES = 1_000

/** Connections that ended while messages were on their way. */
export class Interruptions {
  /** By message: its conversation, and how many have ended under it. */
  readonly #messages = new Map<string, { conversation: number; count: number }>()

  /** One more; whether so many have ended under this message by now that they count as an attempt. */
  countsAsAttempt(id: string, conversation: number): boolean {
    const count = (this.#messages.get(id)?.count ?? 0) + 1
    this.#messages.delete(id)
    this.#messages.set(id, { conversation, count })
    const [oldest] = this.#messages.keys()
    if (this.#messages.size > MAX_MESSAGES && oldest !== undefined) this.#messages.delete(oldest)
    return count % INTERRUPTIONS_AN_ATTEMPT === 0
  }

  /** The message was answered, or never goes again. */
  settled(id: string): void {
    this.#messages.delete(id)
  }

  /** The conversations of messages under which a connection ended: these go after all others. */
  get suspects(): number[] {
    return [...this.#messages.values()].map(({ conversation }) => conversation)
  }
}
