import type { Merge } from '../store/conversation-store.ts'

/** Conversations whose first message waits for its next attempt. */
export class RetryWaits {
  readonly #due: () => void
  readonly #timers = new Map<number, NodeJS.Timeout>()

  /** `due`: a conversation need not wait any longer. */
  constructor(due: () => void) {
    this.#due = due
  }

  get conversations(): number[] {
    return [...this.#timers.keys()]
  }

  has(conversation: number): boolean {
    return this.#timers.has(conversation)
  }

  wait(conversation: number, delayMs: number): void {
    this.end(conversation)
    const due = (): void => {
      this.#timers.delete(conversation)
      this.#due()
    }
    this.#timers.set(conversation, setTimeout(due, delayMs))
  }

  /** Without a call of `due`. */
  end(conversation: number): void {
    clearTimeout(this.#timers.get(conversation))
    this.#timers.delete(conversation)
  }

  /** Two conversations became one: its first message may be another one now, and is tried at once. */
  merged({ from, into }: Merge): void {
    this.end(from)
    this.end(into)
  }

  clear(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer)
    this.#timers.clear()
  }
}
