import type { EventPublisher } from '../protocol/events.ts'
import type { ConversationNews } from './history/conversation-news.ts'
import type { ConversationStore } from './store/conversation-store.ts'
import type { GroupTitles } from './store/group-titles.ts'

/**
 * Publishes what happens in a conversation with its id, where that is known, and with what the group is called; whatever happens to a
 * message is also news of its conversation. Called after the commit.
 */
export function publishWithConversation(
  publish: EventPublisher['publish'],
  parts: {
    titles: Pick<GroupTitles, 'of'>
    conversations: Pick<ConversationStore, 'at'>
    news: Pick<ConversationNews, 'changed'>
  },
): EventPublisher['publish'] {
  return (name, payload) => {
    if (!('conversation' in payload) || typeof payload.conversation !== 'string')
      return publish(name, payload)
    const conversationName = parts.titles.of(payload.conversation)
    // Every event of a conversation may carry its name (`protocol/events/`).
    const named = conversationName === null ? payload : { ...payload, conversationName }
    const id = parts.conversations.at(payload.conversation)?.id
    publish(name, id === undefined ? named : { ...named, conversationId: String(id) })
    if (id !== undefined) parts.news.changed(id)
  }
}
