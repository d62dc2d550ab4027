import type { AccountConfig, Config } from '../model.ts'

/** No entry of a list contains it: entries are numbers, addresses of groups and "*". */
const SEPARATOR = '\n'

type PackedList = string | null

interface PackedAccount {
  settings: AccountConfig
  allowFrom: PackedList
  groupAllowFrom: PackedList
}

/** A config for another thread: one long text crosses in a fraction of the time that thousands of short ones take. */
export interface PackedConfig {
  config: Config
  accounts: readonly PackedAccount[]
}

export function packConfig(config: Config): PackedConfig {
  return {
    config: { ...config, accounts: {} },
    accounts: Object.values(config.accounts).map((account) => {
      const { access, groupAccess } = account
      return {
        settings: {
          ...account,
          access: { ...access, allowFrom: [] },
          groupAccess: { ...groupAccess, groupAllowFrom: null },
        },
        allowFrom: packList(access.allowFrom),
        groupAllowFrom: packList(groupAccess.groupAllowFrom),
      }
    }),
  }
}

/** The config again, with records that have no prototype, as they are made. */
export function unpackConfig({ config, accounts }: PackedConfig): Config {
  const unpacked: Record<string, AccountConfig> = Object.create(null)
  for (const { settings, allowFrom, groupAllowFrom } of accounts) {
    const { access, groupAccess } = settings
    unpacked[settings.id] = {
      ...settings,
      access: { ...access, allowFrom: unpackList(allowFrom) ?? [] },
      groupAccess: {
        ...groupAccess,
        groupAllowFrom: unpackList(groupAllowFrom),
        groups: withoutPrototype(groupAccess.groups),
      },
      senders: withoutPrototype(settings.senders),
      direct: withoutPrototype(settings.direct),
      dms: withoutPrototype(settings.dms),
      agents: withoutPrototype(settings.agents),
    }
  }
  return { ...config, accounts: unpacked }
}

/** `null` for no list, which is another thing than an empty one. */
function packList(list: readonly string[] | null): PackedList {
  return list === null ? null : list.map((entry) => entry + SEPARATOR).join('')
}

function unpackList(packed: PackedList): string[] | null {
  return packed === null ? null : packed.split(SEPARATOR).slice(0, -1)
}

function withoutPrototype<Value extends object>(record: Value): Value {
  // A record that came from another thread is nobody else's.
  return Object.setPrototypeOf(record, null) as Value
}
