import { groupRule } from '../../access/group-policy.ts'
import { saidOf } from '../../access/said-of.ts'
import type { AccountConfig } from '../../config/model.ts'
import type { SenderIdentity } from '../../messaging/identity.ts'
import type { Conversation } from '../store/conversation-store.ts'

/**
 * How many messages of context an agent gets there at most: what the config says of the group or the person, then of all. `other`: the
 * person of a direct chat.
 */
export function historyLimit(
  { kind, name }: Pick<Conversation, 'kind' | 'name'>,
  other: Pick<SenderIdentity, 'phoneNumber' | 'lid' | 'businessId' | 'parentId'>,
  config: Pick<AccountConfig, 'historyLimit' | 'dmHistoryLimit' | 'dms' | 'groupAccess'>,
): number {
  if (kind === 'group') return groupRule(config.groupAccess, name).historyLimit ?? config.historyLimit
  return saidOf(other, config.dms) ?? config.dmHistoryLimit
}
