import { groupSenders, readsSomeGroup, readsUnnamedGroups } from './group-policy.ts'
import type { AccountPolicy } from './policy.ts'

/** Whether anybody may write, directly or in a group. Where nobody may, the account is not linked: a link would be of no use. */
export function mayAnybodyWrite(policy: AccountPolicy): boolean {
  return mayAnybodyWriteDirectly(policy) || mayAnybodyWriteInGroups(policy)
}

export function mayAnybodyWriteDirectly({ access }: AccountPolicy): boolean {
  if (access.dmPolicy === 'disabled') return false
  return access.dmPolicy === 'open' || access.allowFrom.length > 0
}

export function mayAnybodyWriteInGroups(policy: AccountPolicy): boolean {
  const { groupAccess } = policy
  if (!readsSomeGroup(groupAccess)) return false
  return groupAccess.groupPolicy === 'open' || groupSenders(policy).length > 0
}

/** Whether somebody may write directly whom the config does not name. */
export function mayStrangersWriteDirectly({ access }: AccountPolicy): boolean {
  return access.dmPolicy === 'open'
}

/** In which groups somebody may write whom the config does not name; `every`: also in groups that it does not name. */
export function mayStrangersWriteInGroups({ groupAccess }: AccountPolicy): 'none' | 'some' | 'every' {
  if (groupAccess.groupPolicy !== 'open' || !readsSomeGroup(groupAccess)) return 'none'
  return readsUnnamedGroups(groupAccess) ? 'every' : 'some'
}
