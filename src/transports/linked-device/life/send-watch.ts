/** A send that failed sooner has been answered, by an error: the link works. */
const ANSWERED_WITHIN_MS = 10_000
/** A new connection is the cure at most this often, and less and less often while it is none. */
const FIRST_PAUSE_MS = 5 * 60_000
const LONGEST_PAUSE_MS = 60 * 60_000

/**
 * What became of the sends on the present connection: since when WhatsApp has left all of them without an answer. Pure;
 * times in milliseconds since the epoch.
 */
export class SendWatch {
  readonly #pending = new Map<string, number>()
  #unansweredSince: number | null = null
  /** On this connection. */
  #answeredAt = 0
  #pauseMs = FIRST_PAUSE_MS
  #replacedAt: number | null = null

  began(id: string, at: number): void {
    this.#pending.set(id, at)
  }

  /** `isAnswered`: acknowledged or refused. */
  ended(id: string, at: number, isAnswered: boolean): void {
    const beganAt = this.#pending.get(id)
    this.#pending.delete(id)
    // It began on a connection that is gone.
    if (beganAt === undefined) return
    if (isAnswered) {
      this.#unansweredSince = null
      this.#answeredAt = Math.max(this.#answeredAt, at)
      this.#pauseMs = FIRST_PAUSE_MS
      this.#replacedAt = null
    } else if (at - beganAt >= ANSWERED_WITHIN_MS)
      this.#unansweredSince ??= Math.max(beganAt, this.#answeredAt)
  }

  /** When the first of the sends began that were left without an answer, with none answered since; `null` when all is well. */
  get unansweredSince(): number | null {
    if (this.#unansweredSince !== null) return this.#unansweredSince
    const [oldest] = this.#pending.values()
    // What began before the last answer is one chat that gets none, and says nothing of the rest.
    return oldest === undefined ? null : Math.max(oldest, this.#answeredAt)
  }

  /** Another connection: what was in flight is tried again on it. */
  reconnected(): void {
    this.#pending.clear()
    this.#unansweredSince = null
    this.#answeredAt = 0
  }

  /** True when the connection may be replaced for it now; counts as done then. */
  takeReplacement(at: number): boolean {
    if (this.#replacedAt !== null) {
      if (at - this.#replacedAt < this.#pauseMs) return false
      this.#pauseMs = Math.min(LONGEST_PAUSE_MS, this.#pauseMs * 2)
    }
    this.#replacedAt = at
    return true
  }
}
