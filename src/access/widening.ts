import {
  mayAnybodyWrite,
  mayAnybodyWriteDirectly,
  mayStrangersWriteDirectly,
  mayStrangersWriteInGroups,
} from './may-anybody-write.ts'
import type { AccountPolicy } from './policy.ts'

/**
 * What a step from one policy to another does that only a person may want. `everybody…`: people whom the config does not name may
 * write where they could not before. `nobody…`: nobody may write any more, at all or directly.
 */
export type WideningEffect = 'everybodyDirectly' | 'everybodyInGroups' | 'nobody' | 'nobodyDirectly'

const GROUPS_REACHED = { none: 0, some: 1, every: 2 }

/** `before` is `null` for a new account: whatever holds for it is new. */
export function wideningEffects(before: AccountPolicy | null, after: AccountPolicy): WideningEffect[] {
  const effects: WideningEffect[] = []
  const isNew = (test: (policy: AccountPolicy) => boolean): boolean =>
    test(after) && (before === null || !test(before))
  if (isNew(mayStrangersWriteDirectly)) effects.push('everybodyDirectly')
  const reachedBefore = before === null ? 'none' : mayStrangersWriteInGroups(before)
  if (GROUPS_REACHED[mayStrangersWriteInGroups(after)] > GROUPS_REACHED[reachedBefore])
    effects.push('everybodyInGroups')
  if (isNew((policy) => !mayAnybodyWrite(policy))) effects.push('nobody')
  else if (isNew((policy) => !mayAnybodyWriteDirectly(policy))) effects.push('nobodyDirectly')
  return effects
}
