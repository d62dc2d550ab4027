import type { OutgoingContent } from '../../messaging/outgoing-message.ts'
import { referenceOf } from '../store/inbox-store.ts'
import type { AckRow } from './ack-store.ts'

/** What goes out of a reaction: it, or that it is taken back. */
export function ackContent(row: AckRow, what: 'reaction' | 'removal'): OutgoingContent {
  const isRemoval = what === 'removal'
  return {
    kind: 'reaction',
    emoji: isRemoval ? '' : row.emoji,
    target: referenceOf({ ...row, message_id: row.target_id }),
    at: new Date(isRemoval ? (row.removed_at ?? row.reacted_at) : row.reacted_at),
  }
}
