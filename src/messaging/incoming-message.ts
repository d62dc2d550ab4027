import type { ChatReference } from './chat-reference.ts'
import type { IncomingContent } from './content.ts'
import type { SenderIdentity } from './identity.ts'
import type { MessageReference } from './message-reference.ts'

export interface IncomingMessage {
  /** Where to reply. */
  chat: ChatReference
  /** WhatsApp's id. */
  id: string
  sender: SenderIdentity
  /**
   * The account's owner wrote it to others, on a phone or another device of the account. `to`: the other side of a direct
   * chat; `null` in a group. The sender is the account itself then.
   */
  writtenByOwner?: { to: SenderIdentity | null } | undefined
  content: IncomingContent
  /** Another app answers on the same number, and it was for that one: it is kept, and never answered. */
  isForApp?: true | undefined
  /** In a group: whether it mentions the account, or answers one of its messages. False elsewhere. */
  mentionsUs: boolean
  sentAt: Date
  /** `offline`: delivered from WhatsApp's backlog after we were away. */
  arrival: 'live' | 'offline'
}

/** How a transport finds this message again. */
export function referenceTo({ chat, id, sender }: IncomingMessage): MessageReference {
  return { chat, id, sender: sender.address }
}
