import { numbersOf } from './list-entries.ts'
import { groupSenders } from './group-policy.ts'
import {
  mayAnybodyWriteDirectly,
  mayAnybodyWriteInGroups,
  mayStrangersWriteDirectly,
  mayStrangersWriteInGroups,
} from './may-anybody-write.ts'
import type { AccountPolicy } from './policy.ts'

const NO_ENTRIES: readonly string[] = []

/**
 * The numbers in the config of people who may write, directly or in a group: those that WhatsApp may be asked about. Under an open
 * policy these are all that it names, in whatever setting.
 */
export function namedNumbers(
  policy: AccountPolicy & { readonly senders: Readonly<Record<string, unknown>> },
): string[] {
  const { access, groupAccess, senders } = policy
  const directly = numbersOf(access.allowFrom)
  if (mayStrangersWriteDirectly(policy) || mayStrangersWriteInGroups(policy) !== 'none') {
    const inGroups = numbersOf(groupAccess.groupAllowFrom ?? NO_ENTRIES)
    return [...new Set([...directly, ...inGroups, ...Object.keys(senders)])]
  }
  return [
    ...new Set([
      ...(mayAnybodyWriteDirectly(policy) ? directly : NO_ENTRIES),
      ...(mayAnybodyWriteInGroups(policy) ? groupSenders(policy) : NO_ENTRIES),
    ]),
  ]
}
