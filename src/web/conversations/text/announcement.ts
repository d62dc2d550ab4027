import type { ConversationView } from '../../../protocol/conversations/conversation-view.ts'
import type { MessageView } from '../../../protocol/conversations/message-view.ts'
import type { Words } from '../../elements/language/words.ts'
import { conversationName } from './conversation-name.ts'
import type { ConversationsText } from './conversations-texts.ts'

const MAX_LENGTH = 200

/** What a screen reader is told of a new message; of a long one its beginning. */
export function announcement(
  say: Words<ConversationsText>,
  view: ConversationView,
  { sender, text }: MessageView,
): string {
  const name = sender?.name ?? conversationName(say, view)
  return say('{name} wrote: {text}', { name, text: text.slice(0, MAX_LENGTH) })
}
