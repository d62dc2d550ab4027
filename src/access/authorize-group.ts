import type { SenderIdentity } from '../accounts/transport.ts'
import type { AccessPolicy, GroupPolicy, Verdict } from './policy.ts'

const UNRESOLVED: Verdict = { allowed: false, reason: 'lid_unresolved' }

/**
 * Whether this sender may talk to the assistant in this group. Fails closed: the group must be one that the config
 * names, where it names any, and the sender one of its numbers; `groupPolicy: "open"` asks no sender for a number.
 * A number that nothing proves yet is denied under every policy.
 * `allowFrom` holds for senders where `groupAllowFrom` names none; its `"*"` is for direct chats and lets nobody in here.
 */
export function authorizeGroup(
  direct: AccessPolicy,
  policy: GroupPolicy,
  group: string,
  sender: SenderIdentity,
): Verdict {
  if (policy.groupPolicy === 'disabled') return { allowed: false, reason: 'policy_disabled' }
  if (!hearsGroup(policy, group)) return { allowed: false, reason: 'not_allowed' }
  if (sender.conflict) return { allowed: false, reason: 'identity_conflict' }
  const isClaimed = sender.claim !== undefined
  if (policy.groupPolicy === 'open') return isClaimed ? UNRESOLVED : { allowed: true }
  const allowed = groupSenders(direct, policy)
  if (allowed.length === 0) return { allowed: false, reason: 'not_allowed' }
  if (sender.phoneNumber === null) return UNRESOLVED
  if (!allowed.includes(sender.phoneNumber)) return { allowed: false, reason: 'not_allowed' }
  return isClaimed ? UNRESOLVED : { allowed: true }
}

/** Whether anything of this group is read at all. */
export function hearsGroup(policy: GroupPolicy, group: string): boolean {
  const { groupPolicy, groupAllowFrom, groups, unreadable } = policy
  if (groupPolicy === 'disabled') return false
  const listed = (groupAllowFrom ?? []).filter(isGroup)
  const ruled = Object.keys(groups)
  const isList = listed.length > 0 || unreadable?.groups === true
  if (!isList && ruled.length === 0 && unreadable?.rules !== true) return true
  // A list of groups is not widened by a rule for all of them.
  return listed.includes(group) || ruled.includes(group) || (!isList && ruled.includes('*'))
}

function groupSenders({ allowFrom }: AccessPolicy, policy: GroupPolicy): readonly string[] {
  const { groupAllowFrom, unreadable } = policy
  if (groupAllowFrom === null) return allowFrom.filter(isNumber)
  const numbers = groupAllowFrom.filter(isNumber)
  // A list of groups alone says nothing about senders; an empty list says nobody.
  const isEmpty = groupAllowFrom.length === 0 && unreadable?.groups !== true
  const namesSenders = numbers.length > 0 || isEmpty || unreadable?.senders === true
  return namesSenders ? numbers : allowFrom.filter(isNumber)
}

function isGroup(entry: string): boolean {
  return entry.endsWith('@g.us')
}

function isNumber(entry: string): boolean {
  return entry.startsWith('+')
}
