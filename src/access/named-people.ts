import { peopleOf } from './list-entries.ts'
import { readGroups, sendersIn } from './group-policy.ts'
import {
  mayAnybodyWriteDirectly,
  mayStrangersWriteDirectly,
  mayStrangersWriteInGroups,
} from './may-anybody-write.ts'
import type { OwnerPolicy } from './is-owner.ts'

const NO_ENTRIES: readonly string[] = []

/** What is read of an account's config. */
type NamingPolicy = OwnerPolicy & { readonly senders: Readonly<Record<string, unknown>> }

/**
 * The numbers and ids (`lid:<digits>`, `bsuid:<id>`) in the config of people who may write, directly or in a group, each once: those that WhatsApp may be
 * asked about. Under an open policy these are all that it names, in whatever setting. There may be thousands: each is looked at when it
 * is asked for.
 */
export function* namedPeople(policy: NamingPolicy): Generator<string, void, undefined> {
  const seen = new Set<string>()
  for (const list of namedLists(policy)) {
    for (const person of list) {
      if (seen.has(person)) continue
      seen.add(person)
      yield person
    }
  }
}

function namedLists(policy: NamingPolicy): Iterable<readonly string[]> {
  const { access, groupAccess, senders, commands } = policy
  const directly = peopleOf(access.allowFrom)
  if (mayStrangersWriteDirectly(policy) || mayStrangersWriteInGroups(policy) !== 'none') {
    const inGroups = peopleOf(groupAccess.groupAllowFrom ?? NO_ENTRIES)
    const inRules = Object.values(groupAccess.groups).flatMap(({ allowFrom = NO_ENTRIES }) =>
      peopleOf(allowFrom),
    )
    return [directly, inGroups, inRules, Object.keys(senders), peopleOf(commands.owners)]
  }
  const lists = new Set(mayAnybodyWriteDirectly(policy) ? [directly] : [])
  // Most groups share one list, which may be long.
  for (const group of readGroups(groupAccess)) lists.add(sendersIn(policy, group) ?? NO_ENTRIES)
  return lists
}
