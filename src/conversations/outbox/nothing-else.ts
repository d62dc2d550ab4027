/**
 * Remembers that nothing waits but what waits in some conversations. Thousands of messages may wait in one, and each would be looked at
 * again for every message that goes out there.
 */
export class NothingElse {
  #waiting: ReadonlySet<number> | null = null

  /** Whether nothing waits beside these. */
  beside(conversations: readonly number[]): boolean {
    if (this.#waiting === null) return false
    const given = new Set(conversations)
    return [...this.#waiting].every((each) => given.has(each))
  }

  /** All that waits was looked at, and is in one of these. */
  found(conversations: readonly number[]): void {
    this.#waiting = new Set(conversations)
  }

  /** Something waits there from now on. */
  added(conversation: number): void {
    if (this.#waiting?.has(conversation) === false) this.#waiting = null
  }

  /** Anything may wait anywhere. */
  forget(): void {
    this.#waiting = null
  }
}
