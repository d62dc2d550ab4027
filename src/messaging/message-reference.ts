import type { ChatReference } from './chat-reference.ts'

/**
 * A message, for what refers to it: a quote, a reaction, a read receipt. Everything in it came with the
 * message, where it came in; what of it WhatsApp needs to find the message again, the transport alone knows.
 */
export interface MessageReference {
  chat: ChatReference
  /** WhatsApp's id. */
  id: string
  /** The sender's address (`SenderIdentity.address`); `null` where an earlier version did not keep it. */
  sender: string | null
  /** It is one of the account's own, which has no `sender`. */
  isOurs?: true
}
