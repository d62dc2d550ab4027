import { groupRule } from '../../../access/group-policy.ts'
import { saidOf } from '../../../access/said-of.ts'
import type { AccountConfig } from '../../../config/model.ts'
import type { SenderIdentity } from '../../../messaging/identity.ts'
import type { Conversation } from '../../store/conversation-store.ts'

/**
 * What the operator has written for this chat, for the agent; `null` for nothing. An empty text takes that of `"*"` away. `other`: the
 * person of a direct chat.
 */
export function chatInstructions(
  { kind, name }: Pick<Conversation, 'kind' | 'name'>,
  other: Pick<SenderIdentity, 'phoneNumber' | 'lid' | 'businessId' | 'parentId'>,
  { groupAccess, direct }: Pick<AccountConfig, 'groupAccess' | 'direct'>,
): string | null {
  const written = kind === 'group' ? groupRule(groupAccess, name).systemPrompt : (saidOf(other, direct) ?? '')
  return written.trim() === '' ? null : written
}
