import { withDeadline } from '../../timing/deadline.ts'

/** A limit only where this many conversations get no answer at one time. */
const MAX_IN_FLIGHT = 32
/** How long `stop` waits for them. */
const STOP_TIMEOUT_MS = 5_000

interface Message {
  message_id: string
  conversation: string
}

/** The messages that are being sent: one of each conversation, 32 at most. */
export class SendsInFlight {
  readonly #sends = new Map<string, { id: string; done: Promise<void>; abort: AbortController }>()

  get hasRoom(): boolean {
    return this.#sends.size < MAX_IN_FLIGHT
  }

  get conversations(): string[] {
    return [...this.#sends.keys()]
  }

  has(messageId: string): boolean {
    return [...this.#sends.values()].some(({ id }) => id === messageId)
  }

  /** `send` calls `end` itself when it knows what came of the message. */
  begin({ message_id: id, conversation }: Message, send: (signal: AbortSignal) => Promise<void>): void {
    const abort = new AbortController()
    const begun = { id, abort, done: Promise.resolve() }
    this.#sends.set(conversation, begun)
    begun.done = send(abort.signal)
  }

  /** False when the send was given up meanwhile: what came of it comes too late. */
  end({ message_id: id, conversation }: Message): boolean {
    return this.#sends.get(conversation)?.id === id && this.#sends.delete(conversation)
  }

  /** Waits for all of them, 5 s at most, and gives up the rest: the database may be closed then. */
  async stop(): Promise<void> {
    const sends = [...this.#sends.values()]
    if (sends.length === 0) return
    await withDeadline(Promise.all(sends.map(({ done }) => done)), STOP_TIMEOUT_MS, () => undefined)
    this.#sends.clear()
    for (const { abort } of sends) abort.abort()
  }
}
