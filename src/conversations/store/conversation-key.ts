import { provenNumber, type SenderIdentity } from '../../messaging/identity.ts'
import type { IncomingMessage } from '../../messaging/incoming-message.ts'

/** What messages are filed under: their group, or their sender. */
export function conversationOf({ chat, sender }: IncomingMessage): string {
  return chat.kind === 'group' ? chat.address : personOf(sender)
}

/** A person: their number, or their opaque address while there is none. */
export function personOf(sender: SenderIdentity): string {
  return provenNumber(sender) ?? sender.address
}

/** A person whom the inbox names: their number was proven when it was stored. */
export function identityOf(person: string): SenderIdentity {
  const number = numberOf(person)
  return {
    address: person,
    ...(number === null ? {} : { phoneNumber: { value: number, proof: 'directory' } }),
    displayName: null,
    conflict: false,
  }
}

export function isGroupConversation(conversation: string): boolean {
  return conversation.endsWith('@g.us')
}

/** The E.164 number behind a conversation, or `null`. Only numbers begin with a plus sign. */
export function numberOf(conversation: string): string | null {
  return conversation.startsWith('+') ? conversation : null
}
