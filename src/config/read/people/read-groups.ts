import { readIdEntry } from '../../../access/numbers/id-entry.ts'
import type { GroupPolicy, GroupRule, UnreadableEntries } from '../../../access/policy.ts'
import type { PathSegment } from '../../document/json5-tree.ts'
import type { Problems } from '../../problems/problems.ts'
import { EVERYBODY, readPersonEntry } from './read-allow-from.ts'

/** What other tools keep for a group; none of it says who may write there. */
const FOREIGN_KEYS = ['skills', 'tools', 'toolsBySender'] as const

export const GROUP_ADDRESS = /^\d{1,32}(-\d{1,20})?@g\.us$/

interface RawGroupRule extends Omit<GroupRule, 'allowFrom'> {
  allowFrom?: readonly (string | number)[] | undefined
}

export interface RawGroups {
  groupPolicy: GroupPolicy['groupPolicy']
  groupAllowFrom: readonly (string | number)[] | null
  groupAllowFromPath: readonly PathSegment[]
  groups: Readonly<Record<string, RawGroupRule>>
  groupsPath: readonly PathSegment[]
  /** The ids of the agents that are there. */
  agents: readonly string[]
}

/**
 * Who may talk in groups. An entry that is neither a possible person nor a group is a problem of its own: it allows nobody, and
 * still says that senders and groups are named. A mistake in a number could stand where a group stood before, and the
 * other way round: counting it as one of the two would allow somebody who was not allowed.
 */
export function readGroups(raw: RawGroups, problems: Problems): GroupPolicy {
  const unreadable = { entries: false, rules: false }
  const groups: Record<string, GroupRule> = Object.create(null)
  for (const [group, rule] of Object.entries(raw.groups)) {
    const { enabled, requireMention, agent, systemPrompt, historyLimit } = rule
    const path = [...raw.groupsPath, group]
    for (const key of FOREIGN_KEYS)
      if (Reflect.get(rule, key) !== undefined)
        problems.foreign([...path, key], 'What an assistant may do is set where it runs.')
    if (agent !== undefined && !raw.agents.includes(agent)) {
      const place = [...path, 'agent']
      const message = `There is no agent "${problems.written(place, agent)}"; there are: ${raw.agents.join(', ')}.`
      problems.error('unknown_agent', place, message)
    }
    if (group === EVERYBODY || GROUP_ADDRESS.test(group))
      groups[group] = {
        enabled,
        requireMention,
        agent,
        systemPrompt,
        historyLimit,
        allowFrom: readSenders(rule, raw, path, problems),
      }
    else {
      unreadable.rules = true
      const message = `"${group}" is neither "*" nor the address of a group. This entry counts for no group.`
      problems.keyEntry('not_a_group', path, message)
    }
  }
  const groupAllowFrom = readEntries(raw, unreadable, problems)
  const policy = { groupPolicy: raw.groupPolicy, groupAllowFrom, groups }
  return Object.values(unreadable).includes(true) ? { ...policy, unreadable } : policy
}

function readEntries(raw: RawGroups, unreadable: UnreadableEntries, problems: Problems): string[] | null {
  if (raw.groupAllowFrom === null) return null
  const entries = new Set<string>()
  for (const [index, entry] of raw.groupAllowFrom.entries()) {
    const path = [...raw.groupAllowFromPath, index]
    if (entry === EVERYBODY) {
      if (raw.groupPolicy !== 'open') {
        problems.error('wildcard', path, '"*" allows every sender and needs groupPolicy: "open".')
      }
      continue
    }
    const name = readEntry(entry, path, problems)
    if (name === null) {
      unreadable.entries = true
      continue
    }
    if (entries.has(name)) {
      problems.notice('duplicate_number', path, 'This entry is in the list already; it counts once.')
    }
    entries.add(name)
  }
  return [...entries]
}

/** Who may write in one group; `undefined` without a list, or where it allows every sender and there is no list of `"*"` to hold instead. */
function readSenders(
  { allowFrom }: RawGroupRule,
  { groupPolicy, groups }: RawGroups,
  group: readonly PathSegment[],
  problems: Problems,
): string[] | undefined {
  if (allowFrom === undefined) return undefined
  const people = new Set<string>()
  for (const [index, entry] of allowFrom.entries()) {
    const path = [...group, 'allowFrom', index]
    if (entry === EVERYBODY && groupPolicy !== 'open')
      problems.error('wildcard', path, '"*" allows every sender and needs groupPolicy: "open".')
    const person = entry === EVERYBODY ? null : readPersonEntry(entry, path, problems)
    if (person !== null) people.add(person)
  }
  if (!allowFrom.includes(EVERYBODY)) return [...people]
  const all = Object.hasOwn(groups, EVERYBODY) ? groups[EVERYBODY]?.allowFrom : undefined
  return all === undefined || all.includes(EVERYBODY) ? undefined : [EVERYBODY]
}

/** A group's address as it is, a person as in `readPersonEntry`. */
function readEntry(entry: string | number, path: readonly PathSegment[], problems: Problems): string | null {
  if (typeof entry !== 'string' || !entry.includes('@') || readIdEntry(entry) !== null)
    return readPersonEntry(entry, path, problems)
  if (GROUP_ADDRESS.test(entry.trim())) return entry.trim()
  problems.entry(
    'not_a_group',
    path,
    `"${problems.written(path, entry)}" is no address of a group. This entry counts for nobody.`,
  )
  return null
}
