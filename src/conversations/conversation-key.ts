import type { SenderIdentity } from '../accounts/transport.ts'

/** What a person's messages are filed under: their number, or their opaque address while there is none. */
export function conversationOf(sender: SenderIdentity): string {
  return sender.phoneNumber ?? sender.address
}

/** The E.164 number behind a conversation, or `null`. Only numbers begin with a plus sign. */
export function numberOf(conversation: string): string | null {
  return conversation.startsWith('+') ? conversation : null
}
