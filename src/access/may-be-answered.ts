import type { SenderIdentity } from '../messaging/identity.ts'
import { groupRule } from './group-policy.ts'
import { isObserved } from './is-observed.ts'
import { mayWrite, mayWriteToSelf } from './may-write.ts'
import type { AccountPolicy } from './policy.ts'

interface Asked {
  /** The group's address, or `null` in a direct chat. */
  group: string | null
  /** Whether the message mentions the account, or answers one of its messages. */
  mentionsUs: boolean
  /** True in the account's own chat with itself. */
  isSelf?: boolean
}

/** Whether a message gets an answer: its sender may write there and is not only observed, and the message is for the assistant. */
export function mayBeAnswered(policy: AccountPolicy, asked: Asked, sender: SenderIdentity): boolean {
  const { group, isSelf = false } = asked
  if (!isForUs(policy, asked)) return false
  if (isObserved(policy, { kind: group !== null ? 'group' : isSelf ? 'self' : 'direct' })) return false
  return (isSelf ? mayWriteToSelf(policy, sender) : mayWrite(policy, group, sender)).allowed
}

/** Whether a message is for the assistant, and not for the others in its group. */
export function isForUs({ groupAccess }: AccountPolicy, { group, mentionsUs }: Asked): boolean {
  return group === null || mentionsUs || !groupRule(groupAccess, group).requireMention
}
