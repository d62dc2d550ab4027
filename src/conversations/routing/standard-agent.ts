import { entriesNaming } from '../../access/entries-naming.ts'
import { groupRule } from '../../access/group-policy.ts'
import type { AccountConfig } from '../../config/model.ts'
import type { SenderIdentity } from '../../messaging/identity.ts'
import type { Conversation } from '../store/conversation-store.ts'

/** Who answers a person there as long as they have chosen no agent: the group's agent, then the person's, then the default. */
export function standardAgent(
  { kind, name }: Pick<Conversation, 'kind' | 'name'>,
  person: Pick<SenderIdentity, 'phoneNumber' | 'lid' | 'businessId' | 'parentId'>,
  { defaultAgent, groupAccess, senders }: AccountConfig,
): string {
  const group = kind === 'group' ? groupRule(groupAccess, name).agent : null
  if (group !== null && group !== undefined) return group
  const agents = entriesNaming(person).map((entry) => senders[entry]?.agent ?? null)
  return agents.find((agent) => agent !== null) ?? defaultAgent
}
