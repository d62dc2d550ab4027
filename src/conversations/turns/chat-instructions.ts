import { groupRule } from '../../access/group-policy.ts'
import type { AccountConfig } from '../../config/model.ts'
import type { Conversation } from '../store/conversation-store.ts'

const EVERYBODY = '*'

/** What the operator has written for this chat, for the agent; `null` for nothing. An empty text takes that of `"*"` away. */
export function chatInstructions(
  { kind, name }: Pick<Conversation, 'kind' | 'name'>,
  { groupAccess, direct }: Pick<AccountConfig, 'groupAccess' | 'direct'>,
): string | null {
  const written = kind === 'group' ? groupRule(groupAccess, name).systemPrompt : promptFor(name, direct)
  return written.trim() === '' ? null : written
}

function promptFor(person: string, direct: AccountConfig['direct']): string {
  const key = [person, EVERYBODY].find((each) => Object.hasOwn(direct, each))
  return key === undefined ? '' : (direct[key] ?? '')
}
