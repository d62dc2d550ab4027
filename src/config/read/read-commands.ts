import type { AccountConfig } from '../model.ts'
import { commandSettings } from '../settings/command-settings.ts'
import { effectiveSettings } from '../settings/effective-settings.ts'
import type { ChannelSection } from './channel-section.ts'
import { type AccountLayer, layerOf } from './foreign/account-layers.ts'
import type { Problems } from '../problems/problems.ts'
import { readPersonEntry } from './read-allow-from.ts'

/** The chat commands, and who owns the account; an entry that names no possible person is a problem of its own, and names nobody. */
export function readCommands(
  layers: readonly AccountLayer[],
  { section, problems }: { section: ChannelSection; problems: Problems },
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
    if (owner !== null) owners.add(owner)
  }
  return { enabled: commands.enabled, owners: [...owners] }
}
