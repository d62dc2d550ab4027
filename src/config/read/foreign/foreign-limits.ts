import { readGroups, readsGroup, sendersIn } from '../../../access/group-policy.ts'
import { groupsOf, peopleOf } from '../../../access/list-entries.ts'
import { readIdEntry } from '../../../access/numbers/id-entry.ts'
import { numberOfAddress } from '../../../access/numbers/number-address.ts'
import { normalizePhoneNumber } from '../../../access/numbers/phone-number.ts'
import type { AccountPolicy, GroupRule } from '../../../access/policy.ts'
import type { Problems } from '../../problems/problems.ts'
import { type AccountLayer, layerOf } from './account-layers.ts'
import { GROUP_ADDRESS } from '../people/read-groups.ts'

const EVERY_GROUP = '*'
const PERSON_ADDRESS = /^(\d+)(?::\d+)?@(?:s\.whatsapp\.net|c\.us)$/

/** The only people and groups that Milady's `allowedJids` and `allowedGroups` leave; `null` where none of them is set. */
export interface ForeignLimits {
  numbers: ReadonlySet<string> | null
  groups: ReadonlySet<string> | null
}

/**
 * A wrong entry is a problem of its own, and stands for nobody; the list counts nevertheless. In `allowedJids` it may be meant as a person
 * or as a group, and counts as both.
 */
export function foreignLimits(layers: readonly AccountLayer[], problems: Problems): ForeignLimits {
  const jids = readAddresses(layers, 'allowedJids', problems)
  const groups = readAddresses(layers, 'allowedGroups', problems)
  const { addresses = [], hasBad = false } = jids ?? {}
  const people = peopleOf(addresses)
  const chats = groupsOf(addresses)
  const named = groups?.addresses ?? (chats.length > 0 || hasBad ? chats : null)
  return {
    // A list of groups alone says nothing about people.
    numbers: jids !== null && (people.length > 0 || chats.length === 0 || hasBad) ? new Set(people) : null,
    groups: named === null ? null : new Set([...named, ...(groups === null ? [] : chats)]),
  }
}

function readAddresses(
  layers: readonly AccountLayer[],
  key: 'allowedJids' | 'allowedGroups',
  problems: Problems,
): { addresses: string[]; hasBad: boolean } | null {
  const layer = layerOf(layers, (values) => values[key] !== undefined)
  const list = layer?.values[key]
  if (layer === undefined || list === undefined || list.includes('*')) return null
  const [here, ours] = key === 'allowedJids' ? ['people', 'allowFrom'] : ['groups', 'groups']
  const message = `It only takes ${here} away, and allows none by itself: the key of ours is ${ours}.`
  problems.notice('other_meaning', layer.placeOf(key), message)
  const addresses = list.flatMap((entry, index) => {
    const address = addressOf(entry)
    if (address === null)
      problems.entry(
        'not_a_number',
        [...layer.placeOf(key), index],
        'Neither a phone number nor an address of WhatsApp. This entry counts for nobody.',
      )
    return address === null ? [] : [address]
  })
  return { addresses, hasBad: addresses.length < list.length }
}

/** What an entry of `allowedJids` or `allowedGroups` means: a person as E.164, `lid:<digits>` or `bsuid:<id>`, a group as its address; `null` for neither. */
export function addressOf(entry: string | number): string | null {
  const text = String(entry).trim()
  if (GROUP_ADDRESS.test(text)) return text
  const lid = readIdEntry(text)
  if (lid !== null) return lid
  const digits = PERSON_ADDRESS.exec(text)?.[1]
  const number = normalizePhoneNumber(digits === undefined ? entry : `+${digits}`)
  return number.ok ? number.e164 : numberOfAddress(digits === undefined ? entry : `${digits}@s.whatsapp.net`)
}

/** The policy with nobody and no group beyond the limits; it never allows what it did not allow before. */
export function withinLimits(policy: AccountPolicy, { numbers, groups }: ForeignLimits): AccountPolicy {
  const limited = numbers === null ? policy : peopleWithin(policy, numbers)
  return groups === null ? limited : groupsWithin(limited, groups)
}

/** Each group gets a list of its own, so that none of the lists for all counts there any more. */
function peopleWithin(policy: AccountPolicy, numbers: ReadonlySet<string>): AccountPolicy {
  const { access, groupAccess } = policy
  const isOpen = access.dmPolicy === 'open'
  const rules: Record<string, GroupRule> = Object.create(null)
  Object.assign(rules, groupAccess.groups)
  for (const group of new Set(readGroups(groupAccess))) {
    const senders = sendersIn(policy, group) ?? [...numbers]
    rules[group] = {
      ...groupAccess.groups[group],
      allowFrom: senders.filter((number) => numbers.has(number)),
    }
  }
  return {
    access: {
      ...access,
      dmPolicy: isOpen ? 'allowlist' : access.dmPolicy,
      allowFrom: isOpen ? [...numbers] : access.allowFrom.filter((number) => numbers.has(number)),
    },
    groupAccess: { ...groupAccess, groups: rules },
  }
}

/** All groups are off but those that are left, with the senders that they had. */
function groupsWithin(policy: AccountPolicy, allowed: ReadonlySet<string>): AccountPolicy {
  const { groupAccess } = policy
  const rules: Record<string, GroupRule> = Object.create(null)
  // Each group that is left gets the senders that it had: a list of all groups would take the place of "everybody".
  const { allowFrom: _senders, ...every } = groupAccess.groups[EVERY_GROUP] ?? {}
  rules[EVERY_GROUP] = { ...every, enabled: false }
  for (const group of allowed) {
    if (!readsGroup(groupAccess, group)) continue
    const senders = sendersIn(policy, group) ?? undefined
    rules[group] = { ...groupAccess.groups[group], enabled: true, allowFrom: senders }
  }
  return { ...policy, groupAccess: { ...groupAccess, groups: rules } }
}
