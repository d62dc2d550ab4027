import type { MessageAuthor } from '../../access/may-send.ts'
import type { ChatReference } from '../../messaging/chat-reference.ts'
import type { Conversation } from '../store/conversation-store.ts'
import type { OutboxKind } from './outbox-store.ts'
import type { StoredContent, StoredReference } from './stored-content.ts'

/** What goes into the outbox. */
export interface NewOutboxRow {
  localId: string
  /** WhatsApp's id, where it is known before the message goes out. */
  remoteId: string | null
  conversation: Conversation
  chat: ChatReference
  kind: OutboxKind
  turn: string | null
  /** The last inbox row that it answers: its place in the conversation. */
  afterInbox: number
  /** What is shown, quoted and listed. */
  text: string
  /** What it is besides its text. */
  content?: StoredContent | null | undefined
  /** How much of `text` is a configured prefix, in code points. */
  prefixLength: number
  /** What it quotes. */
  quotes: StoredReference | null
  queuedAt: number
  /** Absent for what answers a turn, and for the daemon's own sentences. */
  sent?: SentBy | undefined
}

/** Who sent a message by a request of their own, and which request it was. */
export interface SentBy {
  author: MessageAuthor
  clientMessageId: string
  digest: string
  isForced: boolean
}
