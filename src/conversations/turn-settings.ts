import { groupRule } from '../access/group-rule.ts'
import type { AccountConfig } from '../config/config.ts'
import type { TurnRow } from './turn-store.ts'

/**
 * Who answers a turn of `person`, and how much of what was said before they are told: in a group its own agent, then
 * the person's, then the default one.
 */
export function settingsFor(
  { chat_kind, conversation }: Pick<TurnRow, 'chat_kind' | 'conversation'>,
  person: string,
  { defaultAgent, historyLimit, dmHistoryLimit, groupAccess, senders }: AccountConfig,
): { agent: string; historyLimit: number } {
  const own = senders[person]?.agent ?? defaultAgent
  if (chat_kind !== 'group') return { agent: own, historyLimit: dmHistoryLimit }
  return { agent: groupRule(groupAccess, conversation).agent ?? own, historyLimit }
}
