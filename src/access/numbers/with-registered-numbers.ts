import type { AccountPolicy, GroupPolicy, GroupRule } from '../policy.ts'
import { equivalentNumber } from './equivalent-numbers.ts'

/** In which of its two forms WhatsApp knows a number, where it has answered. */
export interface RegisteredForms {
  of(number: string): { isAsked: false } | { isAsked: true; registered: string | null }
  /** Differs whenever an answer does. */
  readonly version: number
}

type Named = AccountPolicy & {
  /** By E.164 number. */
  readonly senders: Readonly<Record<string, unknown>>
  readonly commands?: { readonly owners: readonly string[] }
}

/**
 * The policy with which senders are compared. To each number that it names it adds the form in which WhatsApp knows the same number,
 * once WhatsApp has answered so. The same object while nothing changes.
 */
export function withRegisteredNumbers<Policy extends Named>(
  policy: () => Policy,
  registered: RegisteredForms,
): () => Policy {
  let written: Policy | null = null
  let version = -1
  let effective: Policy | null = null
  return () => {
    const current = policy()
    if (effective === null || written !== current || version !== registered.version) {
      effective = completed(current, registered)
      written = current
      version = registered.version
    }
    return effective
  }
}

function completed<Policy extends Named>(policy: Policy, registered: RegisteredForms): Policy {
  const { access, groupAccess, senders, commands } = policy
  const unconfirmed = new Set<string>()
  const withForms = (entries: readonly string[]): readonly string[] => {
    const added = entries.flatMap((entry) => {
      const other = equivalentNumber(entry)
      if (other === null) return []
      const registration = registered.of(entry)
      if (!registration.isAsked) unconfirmed.add(other)
      return registration.isAsked && registration.registered === other ? [other] : []
    })
    return added.length === 0 ? entries : [...new Set([...entries, ...added])]
  }
  const allowFrom = withForms(access.allowFrom)
  const groupAllowFrom = groupAccess.groupAllowFrom && withForms(groupAccess.groupAllowFrom)
  const groups = groupsWithForms(groupAccess.groups, withForms)
  return {
    ...policy,
    ...(commands !== undefined && {
      commands: { ...commands, owners: withKnownForms(commands.owners, registered) },
    }),
    access: { ...access, allowFrom, ...(unconfirmed.size > 0 && { unconfirmed }) },
    groupAccess: { ...groupAccess, groupAllowFrom, groups },
    senders: sendersWithForms(senders, registered),
  }
}

/** Owners allow nobody: a form of which WhatsApp has not answered yet holds no message. */
function withKnownForms(numbers: readonly string[], registered: RegisteredForms): readonly string[] {
  const added = numbers.flatMap((number) => {
    const other = equivalentNumber(number)
    const registration = other === null ? null : registered.of(number)
    return other !== null && registration?.isAsked === true && registration.registered === other
      ? [other]
      : []
  })
  return added.length === 0 ? numbers : [...new Set([...numbers, ...added])]
}

function groupsWithForms(
  groups: GroupPolicy['groups'],
  withForms: (entries: readonly string[]) => readonly string[],
): GroupPolicy['groups'] {
  const rules = Object.entries(groups)
  if (rules.every(([, { allowFrom }]) => allowFrom === undefined)) return groups
  const completedRules: Record<string, GroupRule> = Object.create(null)
  for (const [group, rule] of rules)
    completedRules[group] = { ...rule, allowFrom: rule.allowFrom && withForms(rule.allowFrom) }
  return completedRules
}

/** The settings of a number count for the form that WhatsApp knows, unless that form has settings of its own. */
function sendersWithForms(senders: Named['senders'], registered: RegisteredForms): Named['senders'] {
  const all: Record<string, unknown> = Object.create(null)
  for (const [number, settings] of Object.entries(senders)) {
    const registration = equivalentNumber(number) === null ? null : registered.of(number)
    if (registration?.isAsked === true && registration.registered !== null)
      all[registration.registered] = settings
  }
  return Object.assign(all, senders)
}
