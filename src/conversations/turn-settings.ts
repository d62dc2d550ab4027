import { groupRule } from '../access/group-rule.ts'
import type { AccountConfig } from '../config/config.ts'
import type { TurnRow } from './turn-store.ts'

/** Who answers a turn, and how much of what was said before they are told. */
export function settingsFor(
  { chat_kind, conversation }: Pick<TurnRow, 'chat_kind' | 'conversation'>,
  { defaultAgent, historyLimit, dmHistoryLimit, groupAccess }: AccountConfig,
): { agent: string; historyLimit: number } {
  if (chat_kind !== 'group') return { agent: defaultAgent, historyLimit: dmHistoryLimit }
  return { agent: groupRule(groupAccess, conversation).agent ?? defaultAgent, historyLimit }
}
