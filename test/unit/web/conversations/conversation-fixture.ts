import type { ConversationView } from '../../../../src/protocol/conversations/conversation-view.ts'
import type { MessageView } from '../../../../src/protocol/conversations/message-view.ts'

/** The conversation `id`, in which something was said `minute` minutes after midnight of a day. */
export function conversation(
  id: number,
  minute: number,
  facts: Partial<ConversationView> = {},
): ConversationView {
  return {
    account: 'default',
    conversationId: String(id),
    conversation: `+1555000${1_000 + id}`,
    kind: 'direct',
    name: `Person ${id}`,
    phoneNumber: `+1555000${1_000 + id}`,
    source: 'linked-device',
    unread: 0,
    lastMessage: null,
    lastAt: at(minute),
    assistant: { state: 'on', pausedBy: null, since: null, until: null, reason: null },
    isAllowed: true,
    window: null,
    fields: [],
    ...facts,
  }
}

/** A message of the conversation 1 that a person wrote `minute` minutes after midnight of a day. */
export function message(id: string, minute: number, facts: Partial<MessageView> = {}): MessageView {
  return {
    messageId: id,
    conversationId: '1',
    from: 'person',
    sender: null,
    kind: 'message',
    text: `text of ${id}`,
    at: at(minute),
    editedAt: null,
    isRevoked: false,
    quote: null,
    reactions: [],
    files: [],
    transcript: null,
    details: [],
    state: 'received',
    failure: null,
    answered: null,
    clientMessageId: null,
    ...facts,
  }
}

export function at(minute: number): string {
  return new Date(Date.UTC(2026, 2, 3, 0, minute)).toISOString()
}
