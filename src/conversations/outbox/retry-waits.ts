import type { SendHold } from '../../messaging/send-hold.ts'
import type { Merge } from '../store/conversation-store.ts'

/** Conversations whose first message waits for its next attempt. */
export class RetryWaits {
  readonly #due: () => void
  readonly #timers = new Map<number, NodeJS.Timeout>()
  /** Of those that wait because WhatsApp takes nothing there for a while. */
  readonly #holds = new Map<number, SendHold>()

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

  /** Why WhatsApp takes nothing there now; `null` where it is no limit of WhatsApp's that it waits for. */
  holdOf(conversation: number): SendHold | null {
    return this.#holds.get(conversation) ?? null
  }

  wait(conversation: number, delayMs: number, hold: SendHold | null = null): void {
    this.end(conversation)
    const due = (): void => {
      this.#timers.delete(conversation)
      this.#holds.delete(conversation)
      this.#due()
    }
    this.#timers.set(conversation, setTimeout(due, Math.max(0, delayMs)))
    if (hold !== null) this.#holds.set(conversation, hold)
  }

  /** Without a call of `due`. */
  end(conversation: number): void {
    clearTimeout(this.#timers.get(conversation))
    this.#timers.delete(conversation)
    this.#holds.delete(conversation)
  }

  /** Two conversations became one: its first message may be another one now, and is tried at once. */
  merged({ from, into }: Merge): void {
    this.end(from)
    this.end(into)
  }

  clear(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer)
    this.#timers.clear()
    this.#holds.clear()
  }
}
