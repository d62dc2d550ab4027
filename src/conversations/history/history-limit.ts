import { groupRule } from '../../access/group-policy.ts'
import type { AccountConfig } from '../../config/model.ts'
import type { Conversation } from '../store/conversation-store.ts'

/** How many messages of context an agent gets there at most: what the config says of the group or the person, then of all. */
export function historyLimit(
  { kind, name }: Pick<Conversation, 'kind' | 'name'>,
  config: Pick<AccountConfig, 'historyLimit' | 'dmHistoryLimit' | 'dms' | 'groupAccess'>,
): number {
  if (kind === 'group') return groupRule(config.groupAccess, name).historyLimit ?? config.historyLimit
  return config.dms[name] ?? config.dms['*'] ?? config.dmHistoryLimit
}
