import { type SenderIdentity, statedNumber } from '../messaging/identity.ts'
import { asSet } from './as-set.ts'
import { groupsOf, numbersOf } from './list-entries.ts'
import type { AccessPolicy, GroupPolicy, Verdict } from './policy.ts'

const UNRESOLVED: Verdict = { allowed: false, reason: 'lid_unresolved' }
const NO_ENTRIES: readonly string[] = []

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
  sender: Pick<SenderIdentity, 'phoneNumber' | 'claim' | 'conflict'>,
): Verdict {
  if (policy.groupPolicy === 'disabled') return { allowed: false, reason: 'policy_disabled' }
  if (!readsGroup(policy, group)) return { allowed: false, reason: 'not_allowed' }
  if (sender.conflict) return { allowed: false, reason: 'identity_conflict' }
  const isClaimed = sender.claim !== undefined
  if (policy.groupPolicy === 'open') return isClaimed ? UNRESOLVED : { allowed: true }
  const allowed = groupSenders(direct, policy)
  if (allowed.length === 0) return { allowed: false, reason: 'not_allowed' }
  const number = statedNumber(sender)
  if (number === null) return UNRESOLVED
  if (!asSet(allowed).has(number)) {
    return direct.unconfirmed?.has(number) === true ? UNRESOLVED : { allowed: false, reason: 'not_allowed' }
  }
  return isClaimed ? UNRESOLVED : { allowed: true }
}

/** Whether anything of this group is read at all. */
export function readsGroup(policy: GroupPolicy, group: string): boolean {
  const { groupPolicy, groupAllowFrom, groups, unreadable } = policy
  if (groupPolicy === 'disabled') return false
  const listed = groupsOf(groupAllowFrom ?? NO_ENTRIES)
  const isRuled = (name: string): boolean => Object.hasOwn(groups, name)
  const isList = listed.length > 0 || unreadable?.entries === true
  if (!isList && isEmpty(groups) && unreadable?.rules !== true) return true
  // A list of groups is not widened by a rule for all of them.
  return asSet(listed).has(group) || isRuled(group) || (!isList && isRuled('*'))
}

function groupSenders({ allowFrom }: AccessPolicy, policy: GroupPolicy): readonly string[] {
  const { groupAllowFrom, unreadable } = policy
  if (groupAllowFrom === null) return numbersOf(allowFrom)
  const numbers = numbersOf(groupAllowFrom)
  // A list of groups alone says nothing about senders; an empty list says nobody.
  const namesSenders = numbers.length > 0 || groupAllowFrom.length === 0 || unreadable?.entries === true
  return namesSenders ? numbers : numbersOf(allowFrom)
}

/** Without looking at more than the first of them. */
function isEmpty(groups: object): boolean {
  for (const group in groups) if (Object.hasOwn(groups, group)) return false
  return true
}
