import type { RecordedMessage } from '../../src/simulator/phones/records.ts'
import { OWNER, type Person } from './cast.ts'

/** JID of the group that a chat is; `null` for a chat between two. */
export function groupOf(chat: string): string | null {
  return chat.endsWith('@g.us') ? chat : null
}

/** In a group everybody writes; on the account's own phone only what it is told about its chat with itself counts. */
export function isFromAssistant(person: Person, message: RecordedMessage): boolean {
  if (groupOf(message.chat) !== null) return person !== OWNER && message.from === OWNER.phoneNumber
  // The phone itself writes, too.
  if (person !== OWNER) return message.fromDevice !== 0
  return message.viaOwnAccount && message.chat === OWNER.phoneNumber && message.fromDevice !== 0
}
