import { addressOfIdEntry } from '../../access/numbers/id-entry.ts'
import { DaemonError } from '../../protocol/errors.ts'
import type { Conversation, ConversationStore } from './conversation-store.ts'

const ID = /^[1-9]\d{0,14}$/

/**
 * The conversation that a caller names by its id, or by what events call it: an E.164 number, `lid:<digits>` or `bsuid:<id>`, an opaque address, the
 * address of a group. The id of a conversation that turned out to be another one leads to that one. Throws `DaemonError`
 * (`conversation_not_found`).
 */
export function findConversation(
  conversations: Pick<ConversationStore, 'find' | 'at'>,
  named: string,
): Conversation {
  const found = ID.test(named)
    ? conversations.find(Number(named))
    : conversations.at(addressOfIdEntry(named) ?? named)
  if (found === undefined) throw new DaemonError('conversation_not_found')
  return found
}
