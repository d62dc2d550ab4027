import { DaemonError } from '../../protocol/errors.ts'
import type { MessageReference } from '../../messaging/message-reference.ts'
import type { ConversationNews } from '../history/conversation-news.ts'
import type { ReadReceipts } from '../history/read-receipts.ts'
import type { Admission } from '../intake/admission.ts'
import type { CommitGroup } from '../store/commit-group.ts'
import type { Conversation, ConversationStore } from '../store/conversation-store.ts'
import { type InboxStore, referenceOf } from '../store/inbox-store.ts'
import type { MessageRows } from './messages/message-rows.ts'

/** Messages that were read before they came to us: another device may be faster. */
const MAX_EARLY = 1_000

export interface ReadMarksDependencies {
  conversations: Pick<ConversationStore, 'at'>
  inbox: InboxStore
  messageRows: Pick<MessageRows, 'find'>
  admission: Pick<Admission, 'allows'>
  receipts: Pick<ReadReceipts, 'sendThese'>
  commits: CommitGroup
  news: Pick<ConversationNews, 'changed'>
}

/** How far the account's owner has read. Methods throw `StorageError`, with nothing changed. */
export class ReadMarks {
  readonly #deps: ReadMarksDependencies
  readonly #early = new Set<string>()

  constructor(deps: ReadMarksDependencies) {
    this.#deps = deps
  }

  /** The owner has seen these messages on a phone, and with them all before. */
  readOnPhone(chat: string, messageIds: readonly string[]): void {
    const { conversations, inbox } = this.#deps
    const conversation = conversations.at(chat)
    const read = messageIds.map((id) => (conversation ? inbox.sequenceOf(conversation.id, id) : null))
    for (const [index, id] of messageIds.entries()) if (read[index] === null) this.#readEarly(id)
    const last = Math.max(0, ...read.map((sequence) => sequence ?? 0))
    if (conversation !== undefined && last > 0) this.#mark(conversation.id, last)
  }

  /** Inside of the transaction in which a message was stored: the owner may have read it already. */
  arrived(conversation: number, messageId: string, sequence: number): void {
    if (this.#early.delete(messageId)) this.#deps.inbox.markRead(conversation, sequence)
  }

  /**
   * A person says that the owner has read up to this message, or all. People whose messages it are and who may write are told, where
   * the config lets them. Throws `DaemonError` (`message_not_found`).
   */
  read(conversation: Conversation, until: string | undefined): void {
    const { inbox, admission, receipts } = this.#deps
    const last = until === undefined ? inbox.lastSequence() : this.#placeOf(conversation, until)
    const seen = inbox
      .unread(conversation.id, last)
      .filter(({ sender }) => admission.allows(conversation, sender))
    const references: MessageReference[] = seen.map(referenceOf)
    this.#mark(conversation.id, last)
    if (references.length > 0) receipts.sendThese(conversation.id, references)
  }

  #placeOf(conversation: Conversation, messageId: string): number {
    const row = this.#deps.messageRows.find(conversation.id, messageId)
    if (row === undefined)
      throw new DaemonError('message_not_found', {
        message: 'There is no such message in this conversation.',
        action: 'Look at the messages of the conversation.',
      })
    return row.place
  }

  #mark(conversation: number, last: number): void {
    const { commits, inbox, news } = this.#deps
    commits.now(() => (inbox.markRead(conversation, last) > 0 ? () => news.changed(conversation) : undefined))
  }

  #readEarly(messageId: string): void {
    this.#early.add(messageId)
    const [oldest] = this.#early
    if (this.#early.size > MAX_EARLY && oldest !== undefined) this.#early.delete(oldest)
  }
}
