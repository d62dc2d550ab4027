import type { ChatReference } from '../../messaging/chat-reference.ts'
import type { Transport } from '../../messaging/transport.ts'

/** WhatsApp shows "typing…" for 10 to 25 s after each request. */
const RENEW_MS = 8_000

/** Keeps "typing…" up in the chats being answered, and always takes it down. One timer for all of them. */
export class Typing {
  readonly #transport: Pick<Transport, 'ready' | 'setTyping'>
  /** Chats by conversation; `leaving` ones wait for their last message to go out, one period at most. */
  readonly #chats = new Map<number, { chat: ChatReference; leaving: boolean }>()
  #timer: NodeJS.Timeout | null = null

  constructor(transport: Pick<Transport, 'ready' | 'setTyping'>) {
    this.#transport = transport
  }

  begin(conversation: number, chat: ChatReference): void {
    const known = this.#chats.get(conversation)
    if (known !== undefined && known.chat.address === chat.address) {
      known.leaving = false
      return
    }
    if (known !== undefined) this.end(conversation)
    this.#chats.set(conversation, { chat, leaving: false })
    this.#tell(chat, true)
    this.#timer ??= setInterval(() => this.#renew(), RENEW_MS)
  }

  /** Ends once `end` is called, or by itself after a while. */
  leave(conversation: number): void {
    const known = this.#chats.get(conversation)
    if (known !== undefined) known.leaving = true
  }

  /** True while `leave` was called and `end` was not. */
  leaving(conversation: number): boolean {
    return this.#chats.get(conversation)?.leaving === true
  }

  end(conversation: number): void {
    const known = this.#chats.get(conversation)
    if (known === undefined) return
    this.#chats.delete(conversation)
    this.#tell(known.chat, false)
    if (this.#chats.size === 0) this.#clearTimer()
  }

  /** Tells WhatsApp again after a new connection, which knows nothing of it. */
  resume(): void {
    for (const { chat } of this.#chats.values()) this.#tell(chat, true)
  }

  stop(): void {
    for (const conversation of this.#chats.keys()) this.end(conversation)
  }

  #renew(): void {
    for (const [conversation, { chat, leaving }] of this.#chats) {
      if (leaving) this.end(conversation)
      else this.#tell(chat, true)
    }
  }

  #tell(chat: ChatReference, typing: boolean): void {
    // Best effort, by contract it never rejects; no caller waits for it.
    if (this.#transport.ready) void this.#transport.setTyping(chat, typing)
  }

  #clearTimer(): void {
    if (this.#timer !== null) clearInterval(this.#timer)
    this.#timer = null
  }
}
