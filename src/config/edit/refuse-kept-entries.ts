import { asSet } from '../../access/list-entries.ts'
import { DaemonError } from '../../protocol/errors.ts'
import type { Config } from '../model.ts'
import type { SettingChange } from './edit-settings.ts'

/**
 * Refuses an edit that takes somebody off a list of an account who would be in force there nevertheless, by another key of the file.
 * `readEntry` tells what an entry means. Throws `DaemonError` (`config_key_refused`).
 */
export function refuseKeptEntries(
  { accounts }: Config,
  changes: readonly SettingChange[],
  readEntry: (key: string, entry: string) => string,
): void {
  for (const { account, key, entries } of removedEntries(changes, readEntry)) {
    const { access, groupAccess } = accounts[account] ?? {}
    const list = asSet((key === 'allowFrom' ? access?.allowFrom : groupAccess?.groupAllowFrom) ?? [])
    const kept = [...entries].find(([entry]) => list.has(entry))
    if (kept === undefined) continue
    const why = 'another key of the file names it too'
    throw new DaemonError('config_key_refused', {
      message: `${kept[1]} cannot be taken out of ${key} from here: ${why}.`,
      action: 'Make this change in the file itself.',
      details: { path: [key], why },
    })
  }
}

interface RemovedEntries {
  account: string
  key: string
  /** As they were asked for, by what they mean. */
  entries: Map<string, string>
}

/** What no later change may have put back. */
function removedEntries(
  changes: readonly SettingChange[],
  readEntry: (key: string, entry: string) => string,
): RemovedEntries[] {
  let lists: RemovedEntries[] = []
  for (const { account, path, add, remove } of changes) {
    const [key = ''] = path
    const isList = add !== undefined || remove !== undefined
    if (account === undefined || !isList) {
      // The list as a whole, or that of the root, with which the account may have to do or not.
      lists = lists.filter((each) => each.key !== key || (account !== undefined && each.account !== account))
      continue
    }
    let list = lists.find((each) => each.key === key && each.account === account)
    if (list === undefined) lists.push((list = { account, key, entries: new Map() }))
    for (const entry of remove ?? []) list.entries.set(readEntry(key, entry), entry)
    for (const entry of add ?? []) list.entries.delete(readEntry(key, entry))
  }
  return lists
}
