import type { ChatKind } from '../messaging/chat-reference.ts'
import type { SenderIdentity } from '../messaging/identity.ts'
import { readsGroup } from './group-policy.ts'
import { isObserved } from './is-observed.ts'
import { mayWrite, mayWriteToSelf } from './may-write.ts'
import type { AccountPolicy } from './policy.ts'

/** Whose words go out: the account's owner's, or those of an assistant that writes by itself. */
export type MessageAuthor = 'assistant' | 'owner'

/** The chat that a message goes to; `other` is its other side, `null` in a group. */
export interface SendTarget {
  kind: ChatKind
  /** Of the chat; a group is compared by it. */
  address: string
  other: SenderIdentity | null
}

/**
 * Whether a message that answers nobody may be sent there: to whom might write (`may-write.ts`), and to a group that is read. Where
 * people are only observed, the owner may write and the assistant may not.
 */
export function maySend(policy: AccountPolicy, to: SendTarget, author: MessageAuthor): boolean {
  if (author === 'assistant' && isObserved(policy, to)) return false
  if (to.kind === 'group') return readsGroup(policy.groupAccess, to.address)
  if (to.other === null) return false
  return (to.kind === 'self' ? mayWriteToSelf(policy, to.other) : mayWrite(policy, null, to.other)).allowed
}
