import type { MessageView } from '../../../protocol/conversations/message-view.ts'
import type { MessageRow } from './message-rows.ts'

/** What views call a message. */
export function messageKind({ kind }: Pick<MessageRow, 'kind'>): MessageView['kind'] {
  return kind === 'notice' || kind === 'unsupported' ? kind : 'message'
}
