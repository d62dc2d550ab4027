import { mayStrangersWriteDirectly, mayStrangersWriteInGroups } from '../../../access/may-anybody-write.ts'
import type { AccountPolicy } from '../../../access/policy.ts'
import type { AccountConfig } from '../../model.ts'
import { commandSettings } from '../../settings/command-settings.ts'
import { effectiveSettings } from '../../settings/effective-settings.ts'
import type { ChannelSection } from '../channel-section.ts'
import { type AccountLayer, layerOf } from '../foreign/account-layers.ts'
import type { Problems } from '../../problems/problems.ts'
import { readPersonEntry } from '../people/read-allow-from.ts'

/**
 * The chat commands, and who owns the account; an entry that names no possible person is a problem of its own, and names nobody. Of an
 * owner whom no list allows a notice says that this is none.
 */
export function readCommands(
  layers: readonly AccountLayer[],
  { section, problems, policy }: { section: ChannelSection; problems: Problems; policy: AccountPolicy },
): AccountConfig['commands'] {
  const { commands } = effectiveSettings(
    commandSettings,
    layers.map(({ values }) => values),
  )
  const holder = layerOf(layers, (each) => each.commands?.owners !== undefined)
  const path = holder?.placeOf('commands') ?? [...section.path, 'commands']
  const owners = new Set<string>()
  for (const [index, entry] of commands.owners.entries()) {
    const owner = readPersonEntry(entry, [...path, 'owners', index], problems)
    if (owner === null) continue
    owners.add(owner)
    if (!mayBeAllowed(policy, owner))
      problems.notice(
        'owner_not_allowed',
        [...path, 'owners', index],
        "This person is on no list of those who may write, and so no owner, unless it is the account's own number.",
      )
  }
  return { enabled: commands.enabled, owners: [...owners] }
}

/** Whether a list of the file, or an open policy, allows this person anywhere. */
function mayBeAllowed(policy: AccountPolicy, person: string): boolean {
  if (mayStrangersWriteDirectly(policy) || mayStrangersWriteInGroups(policy) !== 'none') return true
  const { access, groupAccess } = policy
  const lists = [
    access.allowFrom,
    groupAccess.groupAllowFrom ?? [],
    ...Object.values(groupAccess.groups).map(({ allowFrom = [] }) => allowFrom),
  ]
  return lists.some((list) => list.includes(person))
}
