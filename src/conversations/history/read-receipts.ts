import type { MessageReference } from '../../messaging/message-reference.ts'
import type { Merge } from '../store/conversation-store.ts'
import type { Transport } from '../../messaging/transport.ts'

/** Beyond this the oldest of a conversation stay unread. */
const MAX_PER_CONVERSATION = 1_000

interface Unread {
  messages: MessageReference[]
  /** To be sent once the transport is ready. */
  due: boolean
}

/** Marks messages as read when their conversation is being answered: one receipt for all that wait there. */
export class ReadReceipts {
  readonly #transport: Pick<Transport, 'ready' | 'markRead'>
  readonly #enabled: () => boolean
  readonly #unread = new Map<number, Unread>()

  constructor(transport: Pick<Transport, 'ready' | 'markRead'>, enabled: () => boolean) {
    this.#transport = transport
    this.#enabled = enabled
  }

  add(conversation: number, message: MessageReference): void {
    const unread = this.#unread.get(conversation) ?? { messages: [], due: false }
    unread.messages.push(message)
    if (unread.messages.length > MAX_PER_CONVERSATION) unread.messages.shift()
    this.#unread.set(conversation, unread)
  }

  /** Now, or when the transport is ready again. */
  send(conversation: number): void {
    const unread = this.#unread.get(conversation)
    if (unread === undefined) return
    if (this.#enabled() && !this.#transport.ready) {
      unread.due = true
      return
    }
    this.#unread.delete(conversation)
    if (!this.#enabled()) return
    // Best effort, by contract it never rejects; nothing waits for it.
    void this.#transport.markRead(unread.messages)
  }

  /** These too, now or when the transport is ready again. */
  sendThese(conversation: number, messages: readonly MessageReference[]): void {
    if (!this.#enabled()) return
    if (this.#transport.ready) return void this.#transport.markRead(messages)
    for (const message of messages) this.add(conversation, message)
    this.send(conversation)
  }

  /** Two conversations became one: what waits in either is marked with the other. */
  merged({ from, into }: Merge): void {
    const unread = this.#unread.get(from)
    if (unread === undefined) return
    this.#unread.delete(from)
    for (const message of unread.messages) this.add(into, message)
    if (unread.due) this.send(into)
  }

  /** They stay unread. */
  forget(conversation: number): void {
    this.#unread.delete(conversation)
  }

  resume(): void {
    for (const [conversation, { due }] of this.#unread) if (due) this.send(conversation)
  }
}
