import { normalizePhoneNumber } from '../access/phone-number.ts'
import type { GroupPolicy, GroupRule } from '../access/policy.ts'
import type { PathSegment } from './parse.ts'
import type { Problems } from './problems.ts'
import { EVERYBODY } from './read-allow-from.ts'

const GROUP_ADDRESS = /^\d{1,32}(-\d{1,20})?@g\.us$/

export interface RawGroups {
  groupPolicy: GroupPolicy['groupPolicy']
  groupAllowFrom: readonly (string | number)[] | null
  groupAllowFromPath: readonly PathSegment[]
  groups: Readonly<Record<string, GroupRule>>
  groupsPath: readonly PathSegment[]
  /** The ids of the agents that are there. */
  agents: readonly string[]
}

/** Who may talk in groups; every entry that is neither a possible number nor a group is an error at its place. */
export function readGroups(raw: RawGroups, problems: Problems): GroupPolicy {
  const groups: Record<string, GroupRule> = Object.create(null)
  for (const [group, { requireMention, agent }] of Object.entries(raw.groups)) {
    const path = [...raw.groupsPath, group]
    if (group !== EVERYBODY && !GROUP_ADDRESS.test(group)) {
      problems.error('not_a_group', path, `"${group}" is neither "*" nor the address of a group.`)
    }
    if (agent !== undefined && !raw.agents.includes(agent)) {
      const message = `There is no agent "${agent}"; there are: ${raw.agents.join(', ')}.`
      problems.error('unknown_agent', [...path, 'agent'], message)
    }
    groups[group] = { requireMention, agent }
  }
  return { groupPolicy: raw.groupPolicy, groupAllowFrom: readEntries(raw, problems), groups }
}

function readEntries(raw: RawGroups, problems: Problems): string[] | null {
  if (raw.groupAllowFrom === null) return null
  const entries = new Set<string>()
  for (const [index, entry] of raw.groupAllowFrom.entries()) {
    const path = [...raw.groupAllowFromPath, index]
    if (entry === EVERYBODY) {
      if (raw.groupPolicy !== 'open') {
        problems.error('wildcard', path, '"*" lets every sender in and needs groupPolicy: "open".')
      }
      continue
    }
    const name = readEntry(entry, path, problems)
    if (name === null) continue
    if (entries.has(name)) {
      problems.notice('duplicate_number', path, 'This entry stands in the list already; it counts once.')
    } else entries.add(name)
  }
  return [...entries]
}

/** A group's address as it is, a number as E.164. */
function readEntry(entry: string | number, path: readonly PathSegment[], problems: Problems): string | null {
  if (typeof entry === 'string' && entry.includes('@')) {
    if (GROUP_ADDRESS.test(entry.trim())) return entry.trim()
    problems.error('not_a_group', path, `"${entry}" is no address of a group.`)
    return null
  }
  const number = normalizePhoneNumber(entry)
  if (number.ok) return number.e164
  problems.error(number.code, path, `Not a possible phone number: ${number.message}.`)
  return null
}
