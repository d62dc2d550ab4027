import type { proto } from '@whiskeysockets/baileys'
import type { Account, AddressingMode } from '../server/account.ts'
import type { SimulatedGroup } from '../server/groups/group.ts'
import type { Card } from './cards/card.ts'
import type { OutgoingMedia } from './media/media-content.ts'
import type { Target } from './message-key.ts'
import { PhoneMemory } from './phone-memory.ts'
import type { PhoneWriter, Recipient, SendOptions } from './phone-writer.ts'
import type { Recording } from './recording.ts'
import type { RecordedMessage, SentMessage } from './records.ts'

/** What a person does with the app on a phone: writes, reacts, reads, types. */
export abstract class PhoneApp extends PhoneMemory {
  abstract readonly account: Account
  protected abstract readonly writer: PhoneWriter

  /** Everything this phone sent, in order. */
  get sent(): Recording<SentMessage> {
    return this.writer.sent
  }

  sendText(to: Recipient, text: string, options: SendOptions = {}): Promise<SentMessage> {
    return this.writer.text(to, text, options)
  }

  /** Rejects when the phone is not in the group. */
  sendGroupText(group: SimulatedGroup, text: string, options: SendOptions = {}): Promise<SentMessage> {
    return this.writer.text(group, text, options)
  }

  /** Sends a file, with its caption and what `options` mention and quote, as the app does. */
  sendMedia(
    to: Recipient | SimulatedGroup,
    media: OutgoingMedia,
    options: SendOptions = {},
  ): Promise<SentMessage> {
    return this.writer.media(to, media, options)
  }

  /** Sends a place, contacts, a poll, an event or what was chosen from a list. */
  sendCard(to: Recipient | SimulatedGroup, card: Card, options: SendOptions = {}): Promise<SentMessage> {
    return this.writer.card(to, card, options)
  }

  /** Sends pictures and videos as one album. Resolves with the announcement and each of them. */
  sendAlbum(
    to: Recipient | SimulatedGroup,
    files: readonly OutgoingMedia[],
    options: SendOptions = {},
  ): Promise<SentMessage[]> {
    return this.writer.album(to, files, options)
  }

  /** Chooses these options of a poll and no others. Throws where the message is no poll. */
  vote(poll: Target, chosen: readonly string[], options: SendOptions = {}): Promise<SentMessage> {
    return this.writer.vote(poll, chosen, options)
  }

  /** Sends any content, also what no app would send; encrypted as every message is. */
  sendMessage(
    to: Recipient | SimulatedGroup,
    message: proto.IMessage,
    options: SendOptions = {},
  ): Promise<SentMessage> {
    return this.writer.message(to, message, options)
  }

  /** Writes into the chat with oneself. */
  sendToSelf(text: string, options: SendOptions = {}): Promise<SentMessage> {
    return this.sendText(this, text, options)
  }

  /** Reacts to a message of either side; an empty `emoji` removes the reaction. */
  react(target: Target, emoji: string, options: SendOptions = {}): Promise<SentMessage> {
    return this.writer.react(target, emoji, options)
  }

  /** Gives a message a new text. A message of another person is claimed as the phone's own, as a hostile client does. */
  edit(target: Target, text: string, options: SendOptions = {}): Promise<SentMessage> {
    return this.writer.edit(target, text, options)
  }

  /**
   * Deletes a message for everyone. A message of another person is deleted `as` an administrator would do it, which this
   * phone may be or not, or claimed as the phone's own, as a hostile client does.
   */
  revoke(
    target: Target,
    { as = 'author', ...options }: SendOptions & { as?: 'author' | 'administrator' } = {},
  ): Promise<SentMessage> {
    return this.writer.revoke(target, as === 'author', options)
  }

  /** Lets the messages of a direct chat disappear after so many seconds, on both sides; 0: they stay. A group: `setTimer`. */
  setDisappearing(to: Recipient, seconds: number, options: SendOptions = {}): Promise<SentMessage> {
    return this.writer.setTimer(to, seconds, options)
  }

  /** Sends the author a read receipt. */
  async markRead(message: RecordedMessage): Promise<void> {
    this.writer.markRead(message)
  }

  async setTyping(
    to: Recipient | SimulatedGroup,
    isTyping: boolean,
    addressing: AddressingMode = 'lid',
  ): Promise<void> {
    this.writer.setTyping(to, isTyping, addressing)
  }
}
