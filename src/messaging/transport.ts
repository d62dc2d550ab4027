import type { Capabilities } from './capabilities.ts'
import type { ChatReference } from './chat-reference.ts'
import type { RemoteMedia } from './content.ts'
import type { SenderIdentity } from './identity.ts'
import type { MediaOutcome, MediaTarget } from './media-outcome.ts'
import type { MessageReference } from './message-reference.ts'
import type { TemplateSource } from './message-template.ts'
import type { SendOutcome } from './outcome.ts'
import type { OutgoingMessage } from './outgoing-message.ts'
import type { SendHold } from './send-hold.ts'

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
  /**
   * Puts the file of a message where WhatsApp takes it from, once for each local id; `null` when the message can be sent, at once for
   * one without a file. Takes minutes for a large one. Rejects never.
   */
  upload(
    message: OutgoingMessage,
    signal: AbortSignal,
  ): Promise<Exclude<SendOutcome, { outcome: 'acknowledged' }> | null>
  /** The templates of the account; `null` without the capability. */
  readonly templates: TemplateSource | null
  /**
   * Until when this chat may be written to freely, milliseconds since 1970; a time in the past: since when it may not, but for templates.
   * `null`: its person never wrote, so that it may not. `always`: WhatsApp knows no such limit here (`Capabilities.window`). Asks WhatsApp nothing.
   */
  windowClosesAt(chat: ChatReference): number | null | 'always'
  /** Until when writing there costs nothing, because the person came from an advertisement, milliseconds since 1970; `null` where it does not hold. */
  freeUntil(chat: ChatReference): number | null
  /** What has a file is uploaded before; what `windowClosesAt` forbids is refused (`window_closed`), with nothing left. Resolves when the server acknowledged or refused, or nothing came in time; rejects never. */
  send(message: OutgoingMessage, signal: AbortSignal): Promise<SendOutcome>
  /** Why nothing may go out to this chat now, as WhatsApp's limits say, though `ready`; `null` where it may. Asks WhatsApp nothing. */
  holdOf(chat: ChatReference): SendHold | null
  /**
   * Best effort; never rejects. The caller renews while it lasts (`Capabilities.typingRenewMs`). Does nothing without the capability. `about`:
   * the message that is being answered; where `typingMarksRead` nothing is shown without it.
   */
  setTyping(chat: ChatReference, typing: boolean, about?: MessageReference): Promise<void>
  /** Best effort; never rejects. Does nothing without the capability. */
  markRead(messages: readonly MessageReference[]): Promise<void>
  /**
   * Fetches a file, with everything that shows it to be the one which was sent (its length, its hashes) checked, and asks the sender's side
   * for it again where it is gone. `to.path` exists only after `fetched`, whole and on disk. Never rejects.
   */
  fetchMedia(media: RemoteMedia, to: MediaTarget, signal: AbortSignal): Promise<MediaOutcome>
  /**
   * What a group is called, by its members' word and of any length; `null` where that cannot be told, and without the capability `groups`. WhatsApp is asked where it has not
   * said so lately. Never rejects, and resolves within a second.
   */
  groupName(group: string): Promise<string | null>
  /** Whom `@` and these digits name in a text of a group; `null` where they name nobody who is known. Asks WhatsApp nothing. */
  identifyMention(digits: string): MentionedPerson | null
  /**
   * Inside of the caller's transaction on the account's database: what these addresses wrote, and what the messages of ours with these
   * local ids were, is erased from what the transport keeps. Who they are stays known, so that they can be answered.
   */
  forget(addresses: readonly string[], localIds: readonly string[]): void
  /** Whether the transport keeps anything on the disk that these addresses wrote, and that `forget` would erase. */
  keepsWordsOf(addresses: readonly string[]): boolean
  /**
   * What is known by now of a sender at this address, or of the person with this number in E.164 or this id (`lid:<digits>`); with what its message says
   * (`IdentityClaim.alternate`). Asks WhatsApp nothing.
   */
  identify(address: string, alternate?: string): SenderIdentity
  /**
   * The same after WhatsApp was asked, or had been a moment ago: a claim that it does not confirm is gone then. Rejects
   * when WhatsApp does not answer. Questions are bounded and paced, whatever is asked for.
   */
  resolveSender(address: string, alternate?: string): Promise<SenderIdentity>
  /**
   * The person with this number, E.164, in the form in which WhatsApp knows it, with the address to write to; `null` where nobody has the
   * number there. `lid:<digits>` is answered without a question. A transport that can ask nobody takes every number as it is: that nobody has
   * it turns out when a message fails. Rejects with `DaemonError` where WhatsApp cannot be asked (`not_connected`), does not answer
   * (`not_connected`), or was asked for many numbers of late (`rate_limited`).
   */
  findRecipient(person: string): Promise<SenderIdentity | null>
}
