import { groupRule } from '../../access/group-policy.ts'
import type { AccountConfig } from '../../config/model.ts'

/** Who answers a person there as long as they choose nobody: the group's agent, then the person's, then the default. */
export function standardAgent(
  { chat_kind, conversation }: { chat_kind: 'direct' | 'self' | 'group'; conversation: string },
  person: string,
  { defaultAgent, groupAccess, senders }: AccountConfig,
): string {
  const group = chat_kind === 'group' ? groupRule(groupAccess, conversation).agent : null
  return group ?? senders[person]?.agent ?? defaultAgent
}
