import { asSet, groupsOf, numbersOf } from './list-entries.ts'
import type { AccountPolicy, GroupPolicy, GroupRule } from './policy.ts'

const NO_ENTRIES: readonly string[] = []
const EVERY_GROUP = '*'

/** Whether anything of this group is read at all. */
export function readsGroup(policy: GroupPolicy, group: string): boolean {
  const { groupPolicy, groupAllowFrom, groups } = policy
  if (groupPolicy === 'disabled') return false
  if (readsUnnamedGroups(policy)) return true
  return asSet(groupsOf(groupAllowFrom ?? NO_ENTRIES)).has(group) || Object.hasOwn(groups, group)
}

/** Whether groups are read that the config does not name. A list of groups is not widened by a rule for all of them. */
export function readsUnnamedGroups(policy: GroupPolicy): boolean {
  const { groupPolicy, groupAllowFrom, groups, unreadable } = policy
  if (groupPolicy === 'disabled') return false
  const isList = groupsOf(groupAllowFrom ?? NO_ENTRIES).length > 0 || unreadable?.entries === true
  if (isList) return false
  return Object.hasOwn(groups, EVERY_GROUP) || (isEmpty(groups) && unreadable?.rules !== true)
}

/** Whether there is a group that is read. */
export function readsSomeGroup(policy: GroupPolicy): boolean {
  const { groupPolicy, groupAllowFrom, groups } = policy
  if (groupPolicy === 'disabled') return false
  if (readsUnnamedGroups(policy) || groupsOf(groupAllowFrom ?? NO_ENTRIES).length > 0) return true
  for (const group in groups) if (Object.hasOwn(groups, group) && group !== EVERY_GROUP) return true
  return false
}

/**
 * The numbers of those who may write in groups, where the policy is `allowlist`; always the same array for the same policy.
 * Where `dmPolicy` is `disabled`, the list of those who may write directly allows nobody in groups that nobody named.
 */
export function groupSenders({ access, groupAccess }: AccountPolicy): readonly string[] {
  const { groupAllowFrom, unreadable } = groupAccess
  const direct =
    access.dmPolicy === 'disabled' && !namesGroups(groupAccess) ? NO_ENTRIES : numbersOf(access.allowFrom)
  if (groupAllowFrom === null) return direct
  const numbers = numbersOf(groupAllowFrom)
  // A list that has only groups says nothing about senders; an empty list allows nobody.
  const namesSenders = numbers.length > 0 || groupAllowFrom.length === 0 || unreadable?.entries === true
  return namesSenders ? numbers : direct
}

function namesGroups({ groupAllowFrom, groups }: GroupPolicy): boolean {
  return groupsOf(groupAllowFrom ?? NO_ENTRIES).length > 0 || !isEmpty(groups)
}

/** What holds in this group: its own settings, then those of `"*"`, then the defaults. */
export function groupRule(
  { groups }: GroupPolicy,
  group: string,
): { requireMention: boolean; agent: string | null } {
  const own: GroupRule | undefined = Object.hasOwn(groups, group) ? groups[group] : undefined
  const all: GroupRule | undefined = Object.hasOwn(groups, EVERY_GROUP) ? groups[EVERY_GROUP] : undefined
  return {
    requireMention: own?.requireMention ?? all?.requireMention ?? true,
    agent: own?.agent ?? all?.agent ?? null,
  }
}

/** Without a look at more than the first of them. */
function isEmpty(groups: object): boolean {
  for (const group in groups) if (Object.hasOwn(groups, group)) return false
  return true
}
