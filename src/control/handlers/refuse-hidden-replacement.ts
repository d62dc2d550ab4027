import type { Config } from '../../config/model.ts'
import type { SettingChange } from '../../config/edit/edit-settings.ts'
import { DaemonError } from '../../protocol/errors.ts'
import { CONFIG_LISTS } from '../../protocol/config/config-view.ts'
import { shownLists } from '../views/config-lists.ts'

interface HiddenList {
  account: string
  list: string
  total: number
}

/**
 * Refuses to replace a list that is too long for one answer, unless a person has confirmed it: the caller has read only its
 * beginning, and would remove all other entries. Throws `DaemonError` (`confirmation_required`).
 */
export function refuseHiddenReplacement(
  config: Config,
  changes: readonly SettingChange[],
  confirmed: readonly string[],
): void {
  if (confirmed.includes('wholeList')) return
  const hidden = changes.flatMap((change) => hiddenLists(config, change))
  const [first] = hidden
  if (first === undefined) return
  throw new DaemonError('confirmation_required', {
    message:
      `The list ${first.list} of the account "${first.account}" has ${first.total} entries, more than fit into one answer: ` +
      'this would replace all of them, also those that you have not seen.',
    action:
      'Add and remove single entries (config.addAllowFrom, config.removeAllowFrom, or "add" and "remove" of config.update); to replace the whole list, ask the person, then send confirm: ["wholeList"].',
    details: { confirm: ['wholeList'], lists: hidden.slice(0, 20) },
  })
}

/** The lists that `change` replaces although no answer has shown all of them. */
function hiddenLists(config: Config, { account, path, value }: SettingChange): HiddenList[] {
  const [key, ...inner] = path
  const name = CONFIG_LISTS.find((each) => each === key)
  if (value === undefined || name === undefined || inner.length > 0) return []
  const lists = shownLists(config)
  const accounts = account === undefined ? Object.keys(config.accounts) : [account]
  return accounts.flatMap((id) => {
    const list = lists[id]?.[name]
    return list === undefined || list.isComplete ? [] : [{ account: id, list: name, total: list.total }]
  })
}
