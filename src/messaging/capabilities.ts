import type { OutgoingFile } from './outgoing-message.ts'

type LinkingMethod = 'qr' | 'code' | 'passkey' | 'token'

interface MediaLimits {
  maxBytes: number
  /** What such a file may be, without parameters; absent where everything is taken that people can see or hear as this kind. */
  mimeTypes?: readonly string[]
}

/** What a transport can do. Code that depends on the kind of transport asks for these, never for the transport's name. */
export interface Capabilities {
  /** Who makes the id by which WhatsApp knows a message: `local` (it is our local id) or `server` (it comes with the acknowledgement). */
  remoteIds: 'local' | 'server'
  /**
   * Whether a second send under the same local id never shows twice. Without it a message whose outcome is unknown is sent again
   * only when a person asks for it.
   */
  resend: boolean
  /** Whether WhatsApp may refuse a message that it has acknowledged. */
  failsLater: boolean
  reactions: boolean
  /** How long after a message of ours went out its text can be changed, and it can be deleted for everyone; `null` where neither can be. */
  revisions: { editWithinMs: number; revokeWithinMs: number } | null
  /** Whether messages of others can be marked as read. */
  receipts: boolean
  typing: boolean
  /** Whether "typing…" also marks the last message as read, which cannot be told apart. */
  typingMarksRead: boolean
  groups: boolean
  /** Whether whoever owns the number can write to the number itself, and be answered there. */
  selfChat: boolean
  /** Whether each message that arrives may cost money: one message an answer, and no reaction or line that nobody chose. */
  isCharged: boolean
  /** Whether messages can be sent that WhatsApp has approved beforehand (`Transport.templates`). */
  templates: boolean
  /** How many buttons, and how many rows of a list, can be tapped as an answer; `null` where there are none. */
  choices: { buttons: number; rows: number } | null
  /** Whether polls can be sent. */
  polls: boolean
  /** Whether a person can be asked for their phone number with one tap. */
  asksForNumber: boolean
  /** The longest text of one message, in UTF-16 code units. */
  textLimit: number
  /** What can be sent, and the largest file of each kind in bytes. */
  media: Readonly<Partial<Record<OutgoingFile['kind'], MediaLimits>>>
  /** After how long "typing…" must be told again to stay, in milliseconds. */
  typingRenewMs: number
  /** Whether WhatsApp itself says how fast messages may go (`Transport.holdOf`): `pace` holds only where the config file sets it. */
  pacedByServer: boolean
  /** How long after a person's last message they may be written to freely, in milliseconds; `null` for always. */
  window: number | null
  linking: readonly LinkingMethod[]
}
