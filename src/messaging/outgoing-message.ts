import type { ChatReference } from './chat-reference.ts'
import type { ContentPart } from './content.ts'
import type { MessageReference } from './message-reference.ts'

/** What goes out; the same content gives the same message when it is sent again. */
export type OutgoingContent =
  | {
      kind: 'message'
      parts: readonly ContentPart[]
      /** The message that it visibly answers, with its words as they are now. */
      quote?: { message: MessageReference; text: string } | undefined
    }
  | {
      kind: 'reaction'
      /** Empty takes it back. */
      emoji: string
      target: MessageReference
      at: Date
    }

export interface OutgoingMessage {
  /** From `newLocalId()`, stored before sending. Whether a second send under it shows twice: `Capabilities.resend`. */
  localId: string
  chat: ChatReference
  /** In a direct chat the E.164 number of whom it is for: it goes to no address of somebody else. */
  person: string | null
  content: OutgoingContent
}
