import { mayAnybodyWrite } from './may-anybody-write.ts'
import type { AccountPolicy } from './policy.ts'

/** Why nobody may write, so that the account is not linked; `null` where somebody may. A longer list is of no use where direct messages are switched off. */
export function whyNobodyMayWrite(
  policy: AccountPolicy,
): 'nobody_allowed' | 'direct_messages_disabled' | null {
  if (mayAnybodyWrite(policy)) return null
  const { dmPolicy, allowFrom } = policy.access
  return dmPolicy === 'disabled' && allowFrom.length > 0 ? 'direct_messages_disabled' : 'nobody_allowed'
}
