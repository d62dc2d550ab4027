import type { ChatReference } from '../messaging/chat-reference.ts'
import type { AccountPolicy } from './policy.ts'

/**
 * Whether what people write in this chat is taken in and never answered: no reply, read receipt, typing, reaction or command. Who may
 * write there is another question (`may-write.ts`).
 */
export function isObserved(
  { access, groupAccess }: AccountPolicy,
  { kind }: Pick<ChatReference, 'kind'>,
): boolean {
  if (kind === 'group') return groupAccess.groupPolicy === 'observe'
  return access.dmPolicy === 'observe' && (kind === 'direct' || access.selfChat !== true)
}
