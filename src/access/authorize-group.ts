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
export function hearsGroup({ groupPolicy, groupAllowFrom, groups }: GroupPolicy, group: string): boolean {
  if (groupPolicy === 'disabled') return false
  const listed = (groupAllowFrom ?? []).filter(isGroup)
  const ruled = Object.keys(groups)
  if (listed.length === 0 && ruled.length === 0) return true
  // A list of groups is not widened by a rule for all of them.
  return listed.includes(group) || ruled.includes(group) || (listed.length === 0 && ruled.includes('*'))
}

function groupSenders({ allowFrom }: AccessPolicy, { groupAllowFrom }: GroupPolicy): readonly string[] {
  if (groupAllowFrom === null) return allowFrom.filter(isNumber)
  const numbers = groupAllowFrom.filter(isNumber)
  // A list of groups alone says nothing about senders; an empty list says nobody.
  return numbers.length > 0 || groupAllowFrom.length === 0 ? numbers : allowFrom.filter(isNumber)
}

function isGroup(entry: string): boolean {
  return entry.endsWith('@g.us')
}

function isNumber(entry: string): boolean {
  return entry.startsWith('+')
}
