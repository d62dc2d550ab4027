import { readGroups, sendersIn } from './group-policy.ts'
import type { AccountPolicy } from './policy.ts'

/** Of `readGroups`: the groups that the config does not name. */
const UNNAMED = '*'

/** Whether anybody may write: directly, in a group, or the owner in the chat with themself. */
export function mayAnybodyWrite(policy: AccountPolicy): boolean {
  return policy.access.selfChat === true || mayAnybodyWriteDirectly(policy) || mayAnybodyWriteInGroups(policy)
}

/** Whether anybody but the owner may write directly. */
export function mayAnybodyWriteDirectly({ access }: AccountPolicy): boolean {
  if (access.dmPolicy === 'disabled') return false
  return access.dmPolicy === 'open' || access.allowFrom.length > 0
}

function mayAnybodyWriteInGroups(policy: AccountPolicy): boolean {
  for (const group of readGroups(policy.groupAccess)) if (sendersIn(policy, group)?.length !== 0) return true
  return false
}

/** Whether somebody may write directly whom the config does not name. */
export function mayStrangersWriteDirectly({ access }: AccountPolicy): boolean {
  return access.dmPolicy === 'open'
}

/** In which groups somebody may write whom the config does not name; `every`: also in groups that it does not name. */
export function mayStrangersWriteInGroups(policy: AccountPolicy): 'none' | 'some' | 'every' {
  let reached: 'none' | 'some' = 'none'
  for (const group of readGroups(policy.groupAccess)) {
    if (sendersIn(policy, group) !== null) continue
    if (group === UNNAMED) return 'every'
    reached = 'some'
  }
  return reached
}
