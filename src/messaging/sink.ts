import type { SenderIdentity } from './identity.ts'
import type { IncomingMessage } from './incoming-message.ts'
import type { MessageStatusUpdate } from './outcome.ts'
import type { OutgoingContent } from './outgoing-message.ts'

/** What became of a message: the inbox has it, its sender may not talk, its sender is not known yet, or it is nothing. */
export type IntakeVerdict = 'inboxed' | 'blocked' | 'held' | 'ignored'

/** What a transport calls. */
export interface Sink {
  /** What it keeps is written when it returns, for the next commit. Throws `StorageError`: then the message is not acknowledged. */
  received(message: IncomingMessage): IntakeVerdict
  /** Whether what the owner writes to this person may be kept now. Where it may not, nothing of it may be written to the disk. */
  keepsOwnerWords(to: SenderIdentity): boolean
  statusChanged(update: MessageStatusUpdate): void
  /** `ready` changed. */
  readyChanged(ready: boolean): void
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
