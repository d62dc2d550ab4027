import type { ConversationView } from '../../../protocol/conversations/conversation-view.ts'
import type { Words } from '../../elements/language/words.ts'
import type { ConversationsText } from './conversations-texts.ts'

/** What a conversation is called: its name, else the number, else what is known of it. A name proves nothing. */
export function conversationName(
  say: Words<ConversationsText>,
  { kind, name, phoneNumber, conversation }: ConversationView,
): string {
  if (kind === 'self') return say('Yourself')
  if (name !== null && name !== '') return name
  if (kind === 'group') return say('A group')
  return phoneNumber ?? (conversation.startsWith('+') ? conversation : say('Somebody'))
}
