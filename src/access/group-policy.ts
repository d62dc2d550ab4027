import { asSet, groupsOf, peopleOf } from './list-entries.ts'
import type { AccountPolicy, GroupPolicy, GroupRule } from './policy.ts'

const NO_ENTRIES: readonly string[] = []
const EVERY_GROUP = '*'
const EVERYBODY = '*'

/** Whether anything of this group is read at all. */
export function readsGroup(policy: GroupPolicy, group: string): boolean {
  const { groupPolicy, groupAllowFrom, groups } = policy
  if (groupPolicy === 'disabled' || isSwitchedOff(policy, group)) return false
  if (readsOtherGroups(policy)) return true
  return asSet(groupsOf(groupAllowFrom ?? NO_ENTRIES)).has(group) || Object.hasOwn(groups, group)
}

/** Whether being named is not needed. A list of groups is not widened by a rule for all of them. */
function readsOtherGroups({ groupAllowFrom, groups, unreadable }: GroupPolicy): boolean {
  const isList = groupsOf(groupAllowFrom ?? NO_ENTRIES).length > 0 || unreadable?.entries === true
  if (isList) return false
  return Object.hasOwn(groups, EVERY_GROUP) || (isEmpty(groups) && unreadable?.rules !== true)
}

/** The groups that are read: `"*"` for those that the config does not name, then those that it names; one may come twice. */
export function* readGroups(policy: GroupPolicy): Generator<string> {
  const { groupPolicy, groupAllowFrom, groups } = policy
  if (groupPolicy !== 'disabled' && readsOtherGroups(policy) && !isSwitchedOff(policy, EVERY_GROUP))
    yield EVERY_GROUP
  for (const group of groupsOf(groupAllowFrom ?? NO_ENTRIES)) if (readsGroup(policy, group)) yield group
  for (const group in groups)
    if (Object.hasOwn(groups, group) && group !== EVERY_GROUP && readsGroup(policy, group)) yield group
}

/** The people who may write in this group, as entries of lists; `null`: everybody. */
export function sendersIn(policy: AccountPolicy, group: string): readonly string[] | null {
  const [own, all] = rulesFor(policy.groupAccess, group)
  const list = own?.allowFrom ?? all?.allowFrom
  if (list !== undefined) return list[0] === EVERYBODY ? null : list
  return policy.groupAccess.groupPolicy === 'open' ? null : groupSenders(policy)
}

/**
 * The people who may write in groups without a list of their own, where the policy is `allowlist` or `observe`; always the same array for the same policy.
 * Where `dmPolicy` is `disabled`, the list of those who may write directly allows nobody in groups that nobody named.
 */
export function groupSenders({ access, groupAccess }: AccountPolicy): readonly string[] {
  const { groupAllowFrom, unreadable } = groupAccess
  const direct =
    access.dmPolicy === 'disabled' && !namesGroups(groupAccess) ? NO_ENTRIES : peopleOf(access.allowFrom)
  if (groupAllowFrom === null) return direct
  const people = peopleOf(groupAllowFrom)
  // A list that has only groups says nothing about senders; an empty list allows nobody.
  const namesSenders = people.length > 0 || groupAllowFrom.length === 0 || unreadable?.entries === true
  return namesSenders ? people : direct
}

function namesGroups({ groupAllowFrom, groups }: GroupPolicy): boolean {
  return groupsOf(groupAllowFrom ?? NO_ENTRIES).length > 0 || !isEmpty(groups)
}

/** How a group is answered: its own settings, then those of `"*"`, then the defaults. */
export function groupRule(
  policy: GroupPolicy,
  group: string,
): {
  requireMention: boolean
  agent: string | null
  /** Empty for nothing. */
  systemPrompt: string
  historyLimit: number | null
} {
  const [own, all] = rulesFor(policy, group)
  return {
    requireMention: own?.requireMention ?? all?.requireMention ?? true,
    agent: own?.agent ?? all?.agent ?? null,
    systemPrompt: own?.systemPrompt ?? all?.systemPrompt ?? '',
    historyLimit: own?.historyLimit ?? all?.historyLimit ?? null,
  }
}

function isSwitchedOff(policy: GroupPolicy, group: string): boolean {
  const [own, all] = rulesFor(policy, group)
  return (own?.enabled ?? all?.enabled) === false
}

/** Its own settings, and those of `"*"`. */
function rulesFor({ groups }: GroupPolicy, group: string): (GroupRule | undefined)[] {
  return [group, EVERY_GROUP].map((key) => (Object.hasOwn(groups, key) ? groups[key] : undefined))
}

/** Without a look at more than the first of them. */
function isEmpty(groups: object): boolean {
  for (const group in groups) if (Object.hasOwn(groups, group)) return false
  return true
}
