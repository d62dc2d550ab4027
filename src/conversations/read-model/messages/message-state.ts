import type { MessageView } from '../../../protocol/conversations/message-view.ts'
import type { LastMessageRow, MessageRow } from './message-rows.ts'

/** What views say became of a message. */
export function messageState({ isReply, state }: MessageRow | LastMessageRow): MessageView['state'] {
  if (isReply === 0) return 'received'
  return state === 'acknowledged' ? 'sent' : state
}
