import { mayAnybodyWrite } from './may-anybody-write.ts'
import type { AccountPolicy } from './policy.ts'

/**
 * Why nobody may write, so that the account is not linked, because a link would be of no use; `null` where somebody may, or may ask for it.
 * A longer list is of no use where direct messages are switched off.
 */
export function whyNobodyMayWrite(
  policy: AccountPolicy,
): 'nobody_allowed' | 'direct_messages_disabled' | null {
  const { dmPolicy, allowFrom } = policy.access
  if (dmPolicy === 'pairing' || mayAnybodyWrite(policy)) return null
  return dmPolicy === 'disabled' && allowFrom.length > 0 ? 'direct_messages_disabled' : 'nobody_allowed'
}
