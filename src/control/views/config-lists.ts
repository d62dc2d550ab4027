import { asWritten, entryAsWritten, senderNameOf } from '../../config/as-written.ts'
import type { AccountConfig, AgentConfig, Config } from '../../config/model.ts'
import { CONFIG_LISTS, type ListName } from '../../protocol/config/config-view.ts'
import type { AccountConfigView } from '../../protocol/config/config-view.ts'
import { entryFilter } from './entry-filter.ts'
import { fitLists } from './fit-lists.ts'

/** Of the 256 KiB that an answer may have, for all lists of all accounts. */
const BYTES_FOR_LISTS = 112 * 1_024

type Value = { [Name in ListName]: Exclude<AccountConfigView[Name], undefined | null | string[]> }
/** An entry of a list of names, or a name with what is set for it. */
type Entry<Name extends ListName> = string | readonly [name: string, value: Value[Name][string]]
type Entries = { [Name in ListName]: (account: AccountConfig) => readonly Entry<Name>[] }

/** The beginning of a list, or a page of it. */
export interface ShownList<Name extends ListName> {
  /** The entries, or their names. */
  names: string[]
  /** By name, where something is set for it. */
  values: Record<string, Value[Name][string]>
  total: number
  isComplete: boolean
}

export type ShownLists = { readonly [Name in ListName]: ShownList<Name> }

const ENTRIES: Entries = {
  allowFrom: (account) => shownEntries(account, 'allowFrom'),
  groupAllowFrom: (account) => shownEntries(account, 'groupAllowFrom'),
  groups: (account) =>
    Object.entries(account.groupAccess.groups).map(([id, { enabled, allowFrom, requireMention, agent }]) => [
      entryAsWritten(account, 'groups', id),
      {
        ...(enabled !== undefined && { enabled }),
        ...(allowFrom !== undefined && {
          allowFrom: allowFrom.map((entry) => entryAsWritten(account, `groups.${id}.allowFrom`, entry)),
        }),
        requireMention: requireMention ?? null,
        agent: agent ?? null,
      },
    ]),
  senders: (account) =>
    Object.entries(account.senders).map(([id, { agent }]) => [
      id,
      { agent, name: senderNameOf(account, id) },
    ]),
  agents: (account) =>
    Object.entries(account.agents).map(([id, agent]) => [
      id,
      { connector: agent.connector, model: asWritten(account, `agents.${id}.model`, modelOf(agent)) },
    ]),
}

function shownEntries(account: AccountConfig, key: 'allowFrom' | 'groupAllowFrom'): readonly string[] {
  const entries = key === 'allowFrom' ? account.access.allowFrom : (account.groupAccess.groupAllowFrom ?? [])
  if (account.written === undefined) return entries
  return entries.map((entry) => entryAsWritten(account, key, entry))
}

function modelOf({ settings: { model } }: AgentConfig): string | null {
  return typeof model === 'string' ? model : null
}

const shown = new WeakMap<Config, Readonly<Record<string, ShownLists>>>()

/** What one answer can hold of the lists of every account, by account id. Worked out once for each config. */
export function shownLists(config: Config): Readonly<Record<string, ShownLists>> {
  const known = shown.get(config)
  if (known !== undefined) return known
  const accounts = Object.entries(config.accounts)
  const lengths = fitLists(
    accounts.flatMap(([, account]) => CONFIG_LISTS.map((name) => ENTRIES[name](account))),
    BYTES_FOR_LISTS,
  )
  const result: Record<string, ShownLists> = Object.create(null)
  for (const [index, [id, account]] of accounts.entries()) {
    const lengthOf = (name: ListName): number =>
      lengths[index * CONFIG_LISTS.length + CONFIG_LISTS.indexOf(name)] ?? 0
    result[id] = {
      allowFrom: listPage(account, 'allowFrom', lengthOf('allowFrom')),
      groupAllowFrom: listPage(account, 'groupAllowFrom', lengthOf('groupAllowFrom')),
      groups: listPage(account, 'groups', lengthOf('groups')),
      senders: listPage(account, 'senders', lengthOf('senders')),
      agents: listPage(account, 'agents', lengthOf('agents')),
    }
  }
  shown.set(config, result)
  return result
}

/** `length` entries of a list from `offset` on, in its order: of those that `filter` leaves. */
export function listPage<Name extends ListName>(
  account: AccountConfig,
  name: Name,
  length: number,
  { offset = 0, filter }: { offset?: number; filter?: string | undefined } = {},
): ShownList<Name> {
  const all = ENTRIES[name](account)
  const isMatch = entryFilter(account, filter ?? '')
  const entries = isMatch === null ? all : all.filter((entry) => isMatch(nameOfEntry(entry)))
  const page = entries.slice(offset, offset + length)
  return {
    names: page.map(nameOfEntry),
    values: Object.fromEntries(page.filter((entry) => typeof entry !== 'string')),
    total: entries.length,
    isComplete: page.length === entries.length,
  }
}

function nameOfEntry<Name extends ListName>(entry: Entry<Name>): string {
  return typeof entry === 'string' ? entry : entry[0]
}
