import { readLidEntry } from '../../access/numbers/lid-entry.ts'
import { groupRule } from '../../access/group-policy.ts'
import type { AccountConfig } from '../../config/model.ts'
import type { Conversation } from '../store/conversation-store.ts'

/** Who answers a person there as long as they have chosen no agent: the group's agent, then the person's, then the default. */
export function standardAgent(
  { kind, name }: Pick<Conversation, 'kind' | 'name'>,
  person: string,
  { defaultAgent, groupAccess, senders }: AccountConfig,
): string {
  const group = kind === 'group' ? groupRule(groupAccess, name).agent : null
  return group ?? senders[readLidEntry(person) ?? person]?.agent ?? defaultAgent
}
