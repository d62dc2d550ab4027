import type { ChatReference } from '../../messaging/chat-reference.ts'
import type { Admission } from '../intake/admission.ts'
import { type Conversation, conversationOf } from '../store/conversation-store.ts'
import type { InboxStore } from '../store/inbox-store.ts'

/** Chats that are looked at, the ones that were written in last. */
const MAX_CHATS = 200

export interface OwnerChatDependencies {
  inbox: Pick<InboxStore, 'newestByChat'>
  admission: Pick<Admission, 'allows' | 'isOwner'>
}

/** A chat of an owner of the account with the assistant alone. */
export interface OwnerChat {
  conversation: Conversation
  chat: ChatReference
  /** The newest message there, in the inbox. */
  afterInbox: number
}

/**
 * Where an owner of the account can be asked now: in the conversation `first` where that is such a chat, otherwise in the one where an
 * owner wrote last. `null` where no owner has written to the assistant, or none is answered.
 */
export function findOwnerChat(
  first: number | null,
  { inbox, admission }: OwnerChatDependencies,
): OwnerChat | null {
  const rows = inbox.newestByChat(MAX_CHATS)
  const inOrder = [...rows.filter((row) => row.conversation === first), ...rows]
  const row = inOrder.find(
    (each) => admission.isOwner(each.sender) && admission.allows(conversationOf(each), each.sender),
  )
  if (row === undefined) return null
  const chat = { kind: row.chat_kind, address: row.chat }
  return { conversation: conversationOf(row), chat, afterInbox: row.sequence }
}
