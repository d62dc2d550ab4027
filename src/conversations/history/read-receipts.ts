import type { MessagingTransport } from '../../messaging/transport.ts'

/** Beyond this the oldest of a conversation stay unread. */
const MAX_PER_CONVERSATION = 1_000

interface Unread {
  items: { chat: string; id: string; author: string | null }[]
  /** To be sent once the transport is ready. */
  due: boolean
}

/** Marks messages as read when their conversation is being answered: one receipt for all that wait there. */
export class ReadReceipts {
  readonly #transport: Pick<MessagingTransport, 'ready' | 'markRead'>
  readonly #enabled: () => boolean
  readonly #unread = new Map<string, Unread>()

  constructor(transport: Pick<MessagingTransport, 'ready' | 'markRead'>, enabled: () => boolean) {
    this.#transport = transport
    this.#enabled = enabled
  }

  /** `author`: the sender's address, in groups. */
  add(conversation: string, chat: string, id: string, author: string | null): void {
    const unread = this.#unread.get(conversation) ?? { items: [], due: false }
    unread.items.push({ chat, id, author })
    if (unread.items.length > MAX_PER_CONVERSATION) unread.items.shift()
    this.#unread.set(conversation, unread)
  }

  /** Now, or when the transport is ready again. */
  send(conversation: string): void {
    const unread = this.#unread.get(conversation)
    if (unread === undefined) return
    if (this.#enabled() && !this.#transport.ready) {
      unread.due = true
      return
    }
    this.#unread.delete(conversation)
    if (!this.#enabled()) return
    const receipts = new Map<string, { chat: string; author: string | null; ids: string[] }>()
    for (const { chat, id, author } of unread.items) {
      const key = `${chat} ${author ?? ''}`
      const receipt = receipts.get(key)
      if (receipt === undefined) receipts.set(key, { chat, author, ids: [id] })
      else receipt.ids.push(id)
    }
    // Best effort, by contract it never rejects; nobody waits for it.
    for (const { chat, author, ids } of receipts.values()) void this.#transport.markRead(chat, ids, author)
  }

  /** They stay unread. */
  forget(conversation: string): void {
    this.#unread.delete(conversation)
  }

  resume(): void {
    for (const [conversation, { due }] of this.#unread) if (due) this.send(conversation)
  }
}
