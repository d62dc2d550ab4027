import type { OutgoingReaction } from '../../messaging/transport.ts'
import type { AckRow } from './ack-store.ts'

/** What goes out of a reaction: it, or that it is taken back. */
export function ackContent(row: AckRow, what: 'reaction' | 'removal'): Pick<OutgoingReaction, 'reaction'> {
  const { chat, chat_kind, target_id: id, address } = row
  const isRemoval = what === 'removal'
  return {
    reaction: {
      emoji: isRemoval ? '' : row.emoji,
      target: { chat, id, author: chat_kind === 'group' ? address : null, isOwn: chat_kind === 'self' },
      at: new Date(isRemoval ? (row.removed_at ?? row.reacted_at) : row.reacted_at),
    },
  }
}
