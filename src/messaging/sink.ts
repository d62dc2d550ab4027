import type { ChatReference } from './chat-reference.ts'
import type { SenderIdentity } from './identity.ts'
import type { IncomingMessage } from './incoming-message.ts'
import type { MessageStatusUpdate } from './outcome.ts'
import type { OutgoingContent } from './outgoing-message.ts'

/** What became of a message: the inbox has it, its sender may not talk, its sender is not known yet, or it is nothing. */
export type IntakeVerdict = 'inboxed' | 'blocked' | 'held' | 'ignored'

/** Who answers in a chat, as WhatsApp told it. */
export interface AppHold {
  chat: ChatReference
  /** The other side of the chat. */
  other: SenderIdentity
  isHeld: boolean
  /** When that began; what comes late is not news. */
  at: Date
}

/** Somebody goes by another number or another id now. */
export interface PersonMove {
  from: SenderIdentity
  to: SenderIdentity
  /** The chat with whom they are now. */
  chat: ChatReference
}

/** What a transport calls. */
export interface Sink {
  /** What it keeps is written when it returns, for the next commit. Throws `StorageError`: then the message is not acknowledged. */
  received(message: IncomingMessage): IntakeVerdict
  /** Whether what the owner writes to this person may be kept now. Where it may not, nothing of it may be written to the disk. */
  keepsOwnerWords(to: SenderIdentity): boolean
  /** The account has been linked anew. */
  linked(): void
  /** Whether messages from before the link are taken in. Throws `StorageError`. */
  readonly wantsPast: boolean
  /**
   * Messages from before the link, in any order, some of them perhaps again. What is kept is written when it returns; nothing of the rest
   * is. Throws `StorageError`, with nothing changed.
   */
  past(messages: readonly IncomingMessage[]): void
  /** What WhatsApp tells once alone is written when it returns. Throws `StorageError`. */
  statusChanged(update: MessageStatusUpdate): void
  /**
   * When this message of ours went out; while that is not known, when it did at the earliest. Milliseconds since 1970; `null` for one that is
   * not known here, or did not go out. Throws `StorageError`.
   */
  sentAt(message: Pick<MessageStatusUpdate, 'remoteId' | 'localId'>): number | null
  /** The account's owner has read these messages on another device; `chat` is the address of the chat. */
  readByOwner(chat: string, messageIds: readonly string[]): void
  /** `ready` changed. */
  readyChanged(ready: boolean): void
  /**
   * Another app answers on the same number in this direct chat, or no longer does. Where its other side may not write, nothing of it is
   * kept. Written when it returns. Throws `StorageError`.
   */
  heldByApp(held: AppHold): void
  /** The account has another number now: what other apps hold on the former one is over. Written when it returns. Throws `StorageError`. */
  numberChanged(): void
  /**
   * WhatsApp says that somebody goes by another number or id now: a new person, who may write once somebody allows them. Throws `StorageError`.
   */
  personMoved(move: PersonMove): void
  /** `windowClosesAt` of this chat, by its address, is another: it may be written to again, or not any more. */
  windowChanged(chat: string): void
  /** A sender whose number was not known has one now. */
  senderResolved(sender: SenderIdentity): void
  /**
   * The number belongs to somebody else now; its former owner is known by this address. Within a transaction: throws
   * `StorageError`, with nothing changed.
   */
  personChanged(change: { phoneNumber: string; formerAddress: string }): void
  /** A group is called so: by its members' word, of any length. */
  groupNamed(group: string, name: string): void
  /** WhatsApp said in which form it knows numbers of the config. */
  numbersLearned(): void
  /**
   * What went out under this id of WhatsApp's, for a phone that could not read it and asks again; `null` for everybody whom it was
   * not written to (`asker`), and once it must not go out any more.
   */
  sentContent(remoteId: string, asker: { chat: string; phoneNumber: string | null }): OutgoingContent | null
}
