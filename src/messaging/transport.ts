import type { Capabilities } from './capabilities.ts'
import type { ChatReference } from './chat-reference.ts'
import type { SenderIdentity } from './identity.ts'
import type { MessageReference } from './message-reference.ts'
import type { SendOutcome } from './outcome.ts'
import type { OutgoingMessage } from './outgoing-message.ts'

/** Somebody whom a text mentions. */
export interface MentionedPerson {
  /** Proven, in E.164. */
  phoneNumber: string | null
  /** Under which they may have written. Opaque. */
  addresses: readonly string[]
  /** What they are called, by their own word. */
  displayName: string | null
}

/** The messaging half of a transport, in our words; conversations use nothing else. */
export interface Transport {
  readonly capabilities: Capabilities
  /** Whether `send` can work right now. */
  readonly ready: boolean
  /** The account's own number in E.164 once linked. */
  readonly ownNumber: string | null
  /**
   * Milliseconds by which WhatsApp's clock, which dates messages, is ahead of this machine's; `null` until it is known, which it is
   * before the first message of a connection.
   */
  readonly clockOffsetMs: number | null
  /** How often WhatsApp has told its time, and so `clockOffsetMs` anew, since the account was opened. */
  readonly clockReadings: number
  /** Unique, and fit to be WhatsApp's id where `remoteIds` is `local`. */
  newLocalId(): string
  /** Resolves when the server acknowledged or refused, or nothing came in time; rejects never. */
  send(message: OutgoingMessage, signal: AbortSignal): Promise<SendOutcome>
  /** Best effort; never rejects. The caller renews while it lasts. Does nothing without the capability. */
  setTyping(chat: ChatReference, typing: boolean): Promise<void>
  /** Best effort; never rejects. Does nothing without the capability. */
  markRead(messages: readonly MessageReference[]): Promise<void>
  /**
   * What a group is called, by its members' word and of any length; `null` where that cannot be told. WhatsApp is asked where it has not
   * said so lately. Never rejects, and resolves within a second.
   */
  groupName(group: string): Promise<string | null>
  /** Whom `@` and these digits name in a text of a group; `null` where they name nobody who is known. Asks WhatsApp nothing. */
  identifyMention(digits: string): MentionedPerson | null
  /**
   * What is known by now of a sender at this address, or of the person with this number in E.164; with what its message says
   * (`IdentityClaim.alternate`). Asks WhatsApp nothing.
   */
  identify(address: string, alternate?: string): SenderIdentity
  /**
   * The same after WhatsApp was asked, or had been a moment ago: a claim that it does not confirm is gone then. Rejects
   * when WhatsApp does not answer. Questions are bounded and paced, whatever is asked for.
   */
  resolveSender(address: string, alternate?: string): Promise<SenderIdentity>
}
