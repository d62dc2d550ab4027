import { withDeadline } from '../../timing/deadline.ts'
import type { Merge } from '../store/conversation-store.ts'

/** A limit only where this many conversations get no answer at one time. */
const MAX_IN_FLIGHT = 32
/** How long `stop` waits for them. */
const STOP_TIMEOUT_MS = 5_000

interface Message {
  message_id: string
  conversation: number
}

interface Send {
  conversation: number
  done: Promise<void>
  abort: AbortController
}

/** The messages that are being sent: one of each conversation, 32 at most. */
export class SendsInFlight {
  /** By the message's local id. */
  readonly #sends = new Map<string, Send>()

  get hasRoom(): boolean {
    return this.#sends.size < MAX_IN_FLIGHT
  }

  get conversations(): number[] {
    return [...this.#sends.values()].map(({ conversation }) => conversation)
  }

  has(messageId: string): boolean {
    return this.#sends.has(messageId)
  }

  merged({ from, into }: Merge): void {
    for (const send of this.#sends.values()) if (send.conversation === from) send.conversation = into
  }

  /** `send` calls `end` itself when it knows what came of the message. */
  begin({ message_id, conversation }: Message, send: (signal: AbortSignal) => Promise<void>): void {
    const abort = new AbortController()
    const begun: Send = { conversation, abort, done: Promise.resolve() }
    this.#sends.set(message_id, begun)
    begun.done = send(abort.signal)
  }

  /** False when the send was given up meanwhile: what came of it comes too late. */
  end({ message_id }: Pick<Message, 'message_id'>): boolean {
    return this.#sends.delete(message_id)
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
