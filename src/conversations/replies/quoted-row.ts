import type { AccountConfig } from '../../config/model.ts'
import type { ChatKind } from '../../messaging/chat-reference.ts'
import type { InboxRow } from '../store/inbox-store.ts'

type Mode = Exclude<AccountConfig['replyToMode'], null>

/** Among many people an answer says what it answers. */
const STANDARD: Readonly<Record<ChatKind, Mode>> = { direct: 'off', self: 'off', group: 'first' }

/**
 * The inbox row that a message of an answer to `rows` quotes, the last of them; `null` for none. `isFirst`: no message of this answer went out
 * before it.
 */
export function quotedRow(
  mode: AccountConfig['replyToMode'],
  chat: ChatKind,
  { rows, isFirst }: { rows: readonly Pick<InboxRow, 'sequence'>[]; isFirst: boolean },
): number | null {
  const last = rows.at(-1)
  if (last === undefined) return null
  switch (mode ?? STANDARD[chat]) {
    case 'off':
      return null
    case 'all':
      return last.sequence
    case 'first':
      return isFirst ? last.sequence : null
    case 'batched':
      return isFirst && rows.length > 1 ? last.sequence : null
  }
}
