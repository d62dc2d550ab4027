import type { SenderIdentity } from '../messaging/identity.ts'
import { readsGroup, sendersIn } from './group-policy.ts'
import { mayWriteDirectly } from './may-write.ts'
import type { AccountPolicy } from './policy.ts'

/** A chat in which the account's owner writes by hand: a group's address, or the other side of a direct chat. */
export type OwnerChat = { group: string } | { to: SenderIdentity | null }

/**
 * Whether what the owner writes there is kept: the group is read and somebody may write there, or the other side is somebody who may write now. An
 * unknown other side is nobody.
 */
export function keepsOwnerWords(policy: AccountPolicy, chat: OwnerChat): boolean {
  if ('group' in chat)
    return readsGroup(policy.groupAccess, chat.group) && sendersIn(policy, chat.group)?.length !== 0
  return chat.to !== null && mayWriteDirectly(policy, chat.to).allowed
}
