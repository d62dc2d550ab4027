import type { ChatReference } from '../../messaging/chat-reference.ts'
import type { AccountConfig } from '../../config/model.ts'
import type { Capabilities } from '../../messaging/capabilities.ts'
import type { MessageReference } from '../../messaging/message-reference.ts'
import type { Transport } from '../../messaging/transport.ts'

/** Whether people see that an answer is being written: not where that would mark their message as read against the config. */
export function showsTyping(
  { typing, sendReadReceipts }: Pick<AccountConfig, 'typing' | 'sendReadReceipts'>,
  { typingMarksRead }: Pick<Capabilities, 'typingMarksRead'>,
): boolean {
  return typing && (sendReadReceipts || !typingMarksRead)
}

interface ShownChat {
  chat: ChatReference
  /** The message that is being answered. */
  about: MessageReference | undefined
  leaving: boolean
}

/** Keeps "typing…" up in the chats being answered, and always takes it down. One timer for all of them. */
export class Typing {
  readonly #isWanted: () => boolean
  readonly #transport: Pick<Transport, 'ready' | 'setTyping' | 'capabilities'>
  /** Chats by conversation; `leaving` ones wait for their last message to go out, one period at most. */
  readonly #chats = new Map<number, ShownChat>()
  #timer: NodeJS.Timeout | null = null

  /** `isWanted`: by the config, asked for at each use. */
  constructor(transport: Pick<Transport, 'ready' | 'setTyping' | 'capabilities'>, isWanted: () => boolean) {
    this.#transport = transport
    this.#isWanted = isWanted
  }

  /** In chats of two alone: in a group strangers would see it, too. `about`: the message that is being answered. */
  begin(conversation: number, chat: ChatReference, about?: MessageReference): void {
    if (chat.kind !== 'direct' || !this.#isWanted()) return
    const known = this.#chats.get(conversation)
    if (known !== undefined && known.chat.address === chat.address) {
      known.leaving = false
      known.about = about
      return
    }
    if (known !== undefined) this.end(conversation)
    this.#chats.set(conversation, { chat, about, leaving: false })
    this.#tell(chat, true, about)
    this.#timer ??= setInterval(() => this.#renew(), this.#transport.capabilities.typingRenewMs)
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
    for (const { chat, about } of this.#chats.values()) this.#tell(chat, true, about)
  }

  settingsChanged(): void {
    if (!this.#isWanted()) this.stop()
  }

  stop(): void {
    for (const conversation of this.#chats.keys()) this.end(conversation)
  }

  #renew(): void {
    for (const [conversation, { chat, about, leaving }] of this.#chats) {
      if (leaving) this.end(conversation)
      else this.#tell(chat, true, about)
    }
  }

  #tell(chat: ChatReference, typing: boolean, about?: MessageReference): void {
    // Best effort, by contract it never rejects; no caller waits for it.
    if (this.#transport.ready) void this.#transport.setTyping(chat, typing, about)
  }

  #clearTimer(): void {
    if (this.#timer !== null) clearInterval(this.#timer)
    this.#timer = null
  }
}
