/** What both transports (linked device, Business API) offer to the rest of the daemon, in our words. */

/** Who wrote, as the transport could establish it. Never derived from LID digits. */
export interface SenderIdentity {
  /** E.164, or `null` while the sender is known only by an opaque LID. Proven, unless there is a `claim`. */
  phoneNumber: string | null
  /** The address the transport uses (a JID). Opaque to everybody else. */
  address: string
  /** What the message says of its sender contradicts what is known: must be denied. */
  conflict: boolean
  /** What the message says of its sender and nothing proves yet: with it nobody is allowed. */
  claim?: IdentityClaim | undefined
}

export interface IdentityClaim {
  /** The other address that the message gives for its sender. Opaque. */
  alternate: string
  /** The E.164 number that the sender has if WhatsApp confirms it. */
  phoneNumber: string
}

export type IncomingContent =
  | { kind: 'text'; text: string; quoted: { id: string; text: string | null } | null }
  /** An empty `emoji` takes the reaction back. */
  | { kind: 'reaction'; emoji: string; targetId: string }
  /** The sender's own message has another text now. */
  | { kind: 'edit'; text: string; targetId: string }
  /** The sender's own message is taken back. */
  | { kind: 'revoke'; targetId: string }
  /** Something we cannot read yet (media, a poll, …); `what` names it. */
  | { kind: 'unsupported'; what: string }

export interface IncomingMessage {
  /** Where to reply: the chat's JID exactly as received. Opaque. */
  chat: string
  chatKind: 'direct' | 'self' | 'group'
  id: string
  sender: SenderIdentity
  senderName: string | null
  content: IncomingContent
  /** In a group: whether it mentions the account, or answers one of its messages. False elsewhere. */
  mentionsUs: boolean
  sentAt: Date
  /** `offline`: delivered from WhatsApp's backlog after we were away. */
  arrival: 'live' | 'offline'
}

export interface OutgoingText {
  chat: string
  /** In a direct chat the E.164 number of whom it is for: it goes to no address of somebody else. */
  person?: string | null
  /** From `newMessageId()`, stored before sending; sending again with the same id never shows twice. */
  id: string
  text: string
  /** The message that it answers; `author` is its sender's address. */
  quote?: { id: string; text: string; author: string } | undefined
}

/** A reaction to a message of the same chat. */
export interface OutgoingReaction {
  chat: string
  /** As that of a text. */
  person?: string | null
  /** As that of a text. */
  id: string
  reaction: {
    /** Empty takes it back. */
    emoji: string
    /** `author` is its sender's address, in groups; `isOwn`: the account's own number wrote it. */
    target: { chat: string; id: string; author: string | null; isOwn: boolean }
    at: Date
  }
}

export type OutgoingMessage = OutgoingText | OutgoingReaction

/** What is said, wherever and under whatever id. */
export type OutgoingContent = Pick<OutgoingText, 'text' | 'quote'> | Pick<OutgoingReaction, 'reaction'>

export type SendOutcome =
  | { outcome: 'acknowledged'; at: Date }
  /** Nothing is known: send again under the same id once the link is up. */
  /** `interrupted`: the connection ended meanwhile, which says nothing about the message. */
  /** `hasNoKeys`: nothing went out, because no device of the recipient has keys to encrypt with; it may have later. */
  | { outcome: 'unconfirmed'; why: string; interrupted?: boolean; hasNoKeys?: boolean }
  /** WhatsApp refused for good. */
  | { outcome: 'refused'; code: string; message: string }

export interface MessageStatusUpdate {
  id: string
  chat: string
  status: 'delivered' | 'read'
}

/** The messaging half of a transport; conversations use nothing else. */
export interface MessagingTransport {
  /** Whether `send` can work right now. */
  readonly ready: boolean
  /** The account's own number in E.164 once linked. */
  readonly ownNumber: string | null
  newMessageId(): string
  /** Resolves when the server acknowledged or refused, or nothing came in time; rejects never. */
  send(message: OutgoingMessage, signal: AbortSignal): Promise<SendOutcome>
  /** Best effort; never rejects. The caller renews while it lasts. */
  setTyping(chat: string, typing: boolean): Promise<void>
  /** Best effort; never rejects. `author` is the sender's address, in groups. */
  markRead(chat: string, messageIds: string[], author: string | null): Promise<void>
  /** What is known of a sender by now, with what its message says (`IdentityClaim.alternate`). Asks nobody. */
  identify(address: string, alternate?: string): SenderIdentity
  /**
   * The same after WhatsApp was asked, or had been a moment ago: a claim that it does not confirm is gone then. Rejects
   * when WhatsApp does not answer. Questions are bounded and paced, whatever is asked for.
   */
  resolveSender(address: string, alternate?: string): Promise<SenderIdentity>
}

/** What became of a message: the inbox has it, its sender may not talk, its sender is not known yet, or it is nothing. */
export type IntakeVerdict = 'inboxed' | 'blocked' | 'held' | 'ignored'

/** What a transport calls. `received` has written what it keeps when it returns, for the next commit. */
export interface MessagingSink {
  received(message: IncomingMessage): IntakeVerdict
  statusChanged(update: MessageStatusUpdate): void
  /** `ready` changed. */
  readyChanged(ready: boolean): void
  /** A sender that was known only by a LID now has a number. */
  senderResolved(sender: SenderIdentity): void
}
