import type { IncomingMessage, SenderIdentity } from '../../messaging/transport.ts'

/** What messages are filed under: their group, or their sender. */
export function conversationOf({ chatKind, chat, sender }: IncomingMessage): string {
  return chatKind === 'group' ? chat : personOf(sender)
}

/** A person: their number, or their opaque address while there is none. */
export function personOf(sender: SenderIdentity): string {
  return sender.phoneNumber ?? sender.address
}

export function isGroupConversation(conversation: string): boolean {
  return conversation.endsWith('@g.us')
}

/** The E.164 number behind a conversation, or `null`. Only numbers begin with a plus sign. */
export function numberOf(conversation: string): string | null {
  return conversation.startsWith('+') ? conversation : null
}
