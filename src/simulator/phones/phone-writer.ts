import type { proto } from '@whiskeysockets/baileys'
import type { Account, AddressingMode } from '../server/account.ts'
import { claimOf } from '../server/envelope.ts'
import { SimulatedGroup } from '../server/groups/group.ts'
import type { Network } from '../server/network.ts'
import type { SerialQueue } from '../signal/serial-queue.ts'
import {
  editMessage,
  reactionMessage,
  revokeMessage,
  textMessage,
  timerMessage,
  withTimer,
} from './message-content.ts'
import { type Chat, isGroup, isOwn, messageKey, type Target } from './message-key.ts'
import type { PhoneGroupOutbox } from './phone-group-outbox.ts'
import type { PhoneOutbox } from './phone-outbox.ts'
import { Recording } from './recording.ts'
import type { RecordedMessage, SentMessage } from './records.ts'

/** A phone number in E.164, or the phone itself. */
export type Recipient = string | { readonly account: Account }

export interface SendOptions {
  /** How the chat names people; `lid` unless an account allows only the other. */
  addressing?: AddressingMode
  quote?: Target
  /** Whom the text mentions; their names are put before it, as apps do. */
  mention?: Recipient | readonly Recipient[]
  /** The message id; a random one otherwise. */
  id?: string
  /** The person whom the envelope names as its sender besides the address that it comes from: a forged one names another. */
  claims?: { readonly account: Account }
  /** Attributes of the stanza to replace, for a server with other habits. */
  attributes?: Readonly<Record<string, string>>
}

interface PhoneWriterDeps {
  account: Account
  network: Network
  /** All Signal work of the phone, in order. */
  work: SerialQueue
  outbox: PhoneOutbox
  groups: PhoneGroupOutbox
  /** Seconds after which messages disappear, by chat: E.164 of the other side. A group knows its own. */
  timers: Map<string, number>
}

/** What a person writes on a phone: finds the chat, builds the content, sends it and records it. */
export class PhoneWriter {
  readonly sent = new Recording<SentMessage>()
  readonly #deps: PhoneWriterDeps

  constructor(deps: PhoneWriterDeps) {
    this.#deps = deps
  }

  text(to: Recipient | SimulatedGroup, text: string, options: SendOptions): Promise<SentMessage> {
    const { quote, mention = [] } = options
    const chat = this.#chat(to)
    const mode = isGroup(chat) ? chat.addressing : (options.addressing ?? 'lid')
    const people = Array.isArray(mention) ? (mention as readonly Recipient[]) : [mention as Recipient]
    const mentioned = people.map((person) => {
      const account = this.#recipient(person)
      return account.deviceJid(account.modeFor(mode))
    })
    const names = mentioned.map((jid) => `@${jid.split('@')[0] ?? ''} `).join('')
    const reference = quote && {
      id: quote.id,
      author: this.#authorOf(quote).deviceJid(quote.mode),
      text: quote.text,
    }
    const complete = `${names}${text}`
    return this.#send(chat, complete, textMessage(complete, { quote: reference, mentioned }), options)
  }

  /** Sends any content, also what no app would send. */
  message(
    to: Recipient | SimulatedGroup,
    message: proto.IMessage,
    options: SendOptions,
  ): Promise<SentMessage> {
    return this.#send(this.#chat(to), '', message, options)
  }

  react(target: Target, emoji: string, options: SendOptions): Promise<SentMessage> {
    const message = reactionMessage(this.#key(target), emoji, this.#deps.network.now())
    return this.#sendAbout(target, message, options)
  }

  /** Claims the message as the phone's own, also where it is not. */
  edit(target: Target, text: string, options: SendOptions): Promise<SentMessage> {
    const message = editMessage(this.#key(target, true), text, this.#deps.network.now())
    return this.#sendAbout(target, message, options)
  }

  /** `claimed`: as the phone's own, also where it is not. */
  revoke(target: Target, claimed: boolean, options: SendOptions): Promise<SentMessage> {
    return this.#sendAbout(target, revokeMessage(this.#key(target, claimed)), options)
  }

  setTimer(to: Recipient, seconds: number, options: SendOptions): Promise<SentMessage> {
    const account = this.#recipient(to)
    this.#deps.timers.set(account.phoneNumber, seconds)
    return this.#send(account, '', timerMessage(seconds), options)
  }

  markRead(message: RecordedMessage): void {
    const { outbox, groups } = this.#deps
    const chat = this.#chat(message.chat)
    const author = this.#recipient(message.from)
    const receipt = { id: message.id, type: 'read' }
    if (isGroup(chat)) groups.receipt(chat, author, receipt)
    else outbox.receipt(author, message.mode, receipt)
  }

  setTyping(to: Recipient | SimulatedGroup, isTyping: boolean, addressing: AddressingMode): void {
    const { outbox, groups } = this.#deps
    const chat = this.#chat(to)
    if (isGroup(chat)) groups.typing(chat, isTyping)
    else outbox.typing(chat, addressing, isTyping)
  }

  /** A new message id, as phones make them. */
  newId(): string {
    return `3A${this.#deps.network.random(9).toString('hex').toUpperCase()}`
  }

  #sendAbout(target: Target, message: proto.IMessage, options: SendOptions): Promise<SentMessage> {
    return this.#send(this.#chat(target.chat), '', message, { addressing: target.mode, ...options })
  }

  #send(chat: Chat, text: string, content: proto.IMessage, options: SendOptions): Promise<SentMessage> {
    const { work, outbox, groups, timers, network } = this.#deps
    const timer = isGroup(chat) ? chat.timer : (timers.get(chat.phoneNumber) ?? 0)
    const message = withTimer(content, timer)
    const id = options.id ?? this.newId()
    const { addressing = 'lid', claims } = options
    const claimed = claims === undefined ? {} : claimOf(claims.account, isGroup(chat))
    const attributes = { ...claimed, ...options.attributes }
    return work.run(async () => {
      const sent = isGroup(chat)
        ? await groups.send(id, chat, message, attributes)
        : await outbox.send(id, chat, addressing, message, attributes)
      const recorded: SentMessage = { ...sent, chat: isGroup(chat) ? chat.jid : chat.phoneNumber, text }
      this.sent.add(recorded)
      network.changed()
      return recorded
    })
  }

  #key(target: Target, claimed = false): proto.IMessageKey {
    return messageKey(target, { chat: this.#chat(target.chat), author: this.#authorOf(target), claimed })
  }

  #chat(to: Recipient | SimulatedGroup): Chat {
    if (to instanceof SimulatedGroup) return to
    if (typeof to !== 'string') return to.account
    return this.#deps.network.directory.group(to) ?? this.#recipient(to)
  }

  #recipient(to: Recipient): Account {
    if (typeof to !== 'string') return to.account
    const account = this.#deps.network.directory.account(`${to.replace('+', '')}@s.whatsapp.net`)
    if (account === undefined) throw new Error(`${to} is not on WhatsApp`)
    return account
  }

  #authorOf(target: Target): Account {
    return isOwn(target) || !('from' in target) ? this.#deps.account : this.#recipient(target.from)
  }
}
