import { proto } from '@whiskeysockets/baileys'
import type { Account, AddressingMode } from '../server/account.ts'
import { claimOf } from '../server/envelope.ts'
import { SimulatedGroup } from '../server/groups/group.ts'
import type { Network } from '../server/network.ts'
import type { SerialQueue } from '../signal/serial-queue.ts'
import type { Card } from './cards/card.ts'
import { cardMessage } from './cards/card-message.ts'
import { sealVote } from './cards/vote-cipher.ts'
import { voteContext } from './cards/vote-context.ts'
import {
  contextInfo,
  editMessage,
  reactionMessage,
  revokeMessage,
  textMessage,
  timerMessage,
  withTimer,
} from './message-content.ts'
import { type Chat, isGroup, isOwn, messageKey, type Target } from './message-key.ts'
import type { OutgoingMedia } from './media/media-content.ts'
import type { PhoneMedia } from './media/phone-media.ts'
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
  media: PhoneMedia
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
    const chat = this.#chat(to)
    const { names, context } = this.#context(chat, options)
    const complete = `${names}${text}`
    return this.#send(chat, complete, textMessage(complete, context), options)
  }

  /** Uploads a file and sends it. */
  media(to: Recipient | SimulatedGroup, media: OutgoingMedia, options: SendOptions): Promise<SentMessage> {
    const chat = this.#chat(to)
    const { names, context } = this.#context(chat, options)
    const caption = `${names}${media.caption ?? ''}`
    const message = this.#deps.media.compose({ ...media, ...(caption === '' ? {} : { caption }) }, context)
    return this.#send(chat, caption, message, options)
  }

  /** Sends a place, a contact, a poll, … */
  card(to: Recipient | SimulatedGroup, card: Card, options: SendOptions): Promise<SentMessage> {
    const { network } = this.#deps
    const chat = this.#chat(to)
    const { context } = this.#context(chat, options)
    const message = cardMessage(card, { secret: () => network.random(32), contextInfo: context })
    return this.#send(chat, '', message, options)
  }

  /** Pictures and videos that belong together: the announcement, and then each of them. */
  async album(
    to: Recipient | SimulatedGroup,
    files: readonly OutgoingMedia[],
    options: SendOptions,
  ): Promise<SentMessage[]> {
    const images = files.filter(({ kind }) => kind === 'image').length
    const announced = await this.card(to, { kind: 'album', images, videos: files.length - images }, options)
    const messageAssociation = {
      associationType: proto.MessageAssociation.AssociationType.MEDIA_ALBUM,
      parentMessageKey: this.#key(announced),
    }
    const sent = [announced]
    for (const file of files) {
      const message = { ...this.#deps.media.compose(file), messageContextInfo: { messageAssociation } }
      // One after the other, as they are shown.
      sent.push(
        await this.#send(this.#chat(to), file.caption ?? '', message, { ...options, id: this.newId() }),
      )
    }
    return sent
  }

  /** Chooses options of a poll, in place of what was chosen before. Throws where the message is none. */
  vote(poll: Target, chosen: readonly string[], options: SendOptions): Promise<SentMessage> {
    const { account, network } = this.#deps
    const context = voteContext(poll, { author: this.#authorOf(poll), voter: account })
    if (context === undefined) throw new Error('the message is no poll')
    const pollUpdateMessage = {
      pollCreationMessageKey: this.#key(poll),
      vote: sealVote(chosen, { ...context, iv: network.random(12) }),
      senderTimestampMs: network.now(),
    }
    return this.#sendAbout(poll, { pollUpdateMessage }, options, { pollId: poll.id, options: [...chosen] })
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
    if (isGroup(chat)) {
      groups.receipt(chat, author, receipt)
      groups.ownRead(chat, message.id)
    } else {
      outbox.receipt(author, message.mode, receipt)
      outbox.ownRead(author, message.mode, message.id)
    }
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

  /** What a message quotes and mentions, and the names that apps put before its words. */
  #context(
    chat: Chat,
    { quote, mention = [], addressing = 'lid' }: SendOptions,
  ): { names: string; context: proto.IContextInfo | undefined } {
    const mode = isGroup(chat) ? chat.addressing : addressing
    const people = Array.isArray(mention) ? (mention as readonly Recipient[]) : [mention as Recipient]
    const mentioned = people.map((person) => {
      const account = this.#recipient(person)
      return account.deviceJid(account.modeFor(mode))
    })
    const reference = quote && {
      id: quote.id,
      author: this.#authorOf(quote).deviceJid(quote.mode),
      message: quote.message,
    }
    return {
      names: mentioned.map((jid) => `@${jid.split('@')[0] ?? ''} `).join(''),
      context: contextInfo({ quote: reference, mentioned }),
    }
  }

  #sendAbout(
    target: Target,
    message: proto.IMessage,
    options: SendOptions,
    vote?: SentMessage['vote'],
  ): Promise<SentMessage> {
    const complete = { addressing: target.mode, ...options }
    return this.#send(this.#chat(target.chat), '', message, complete, vote)
  }

  #send(
    chat: Chat,
    text: string,
    content: proto.IMessage,
    options: SendOptions,
    vote?: SentMessage['vote'],
  ): Promise<SentMessage> {
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
      const recorded: SentMessage = { ...sent, chat: isGroup(chat) ? chat.jid : chat.phoneNumber, text, vote }
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
