import type { InboxRow } from '../store/inbox-store.ts'
import type { TurnRow } from './turn-store.ts'

/** Whether whoever asked expects to hear something: in a group those who addressed the assistant. */
export function isAddressed(
  { chat_kind }: Pick<TurnRow, 'chat_kind'>,
  rows: readonly Pick<InboxRow, 'mentions_us'>[],
): boolean {
  return chat_kind !== 'group' || rows.some(({ mentions_us }) => mentions_us === 1)
}
