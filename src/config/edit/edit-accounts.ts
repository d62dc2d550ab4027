import { isDeepStrictEqual } from 'node:util'
import { DaemonError } from '../../protocol/errors.ts'
import { channelSection } from '../read/channel-section.ts'
import type { Config } from '../model.ts'
import { removeKey, setValue } from '../document/edit-text.ts'
import type { FileEdit } from './file-edit.ts'
import { nodeAt, parseConfig } from '../document/parse.ts'

const FIRST_NAME = 'default'

/**
 * Adds an account that takes from the root everything but its name (also that, when none is given); nothing changes for one that is there. Throws
 * `DaemonError` (`max_sessions_reached`) where there are as many as may be.
 */
export function createAccountEdit(id: string, name: string | null): FileEdit {
  return {
    account: null,
    keys: [],
    prepare({ accounts, maxAccounts }) {
      const known = Object.keys(accounts)
      if (known.includes(id) || known.length < maxAccounts) return
      throw new DaemonError('max_sessions_reached', {
        message: `There are ${known.length} accounts already, and maxAccounts is ${maxAccounts}.`,
        details: { maxAccounts, count: known.length, accounts: known },
      })
    },
    apply(text, current) {
      if (Object.hasOwn(current.accounts, id)) return text
      const parsed = parseConfig(text)
      const section = channelSection(parsed).path
      const settings = name === null ? {} : { name }
      const accounts = nodeAt(parsed.root, [...section, 'accounts'])
      const isNamed = accounts?.type === 'Object' && accounts.members.length > 0
      // The one account that exists without being named must be named now, or it would be gone.
      const added = isNamed ? text : setValue(text, [...section, 'accounts', current.defaultAccount], {})
      const created = setValue(added, [...section, 'accounts', id], settings)
      const isDecided = nodeAt(parsed.root, [...section, 'defaultAccount']) !== null
      // The name alone would make it the default account, in the place of another.
      return isDecided || id !== FIRST_NAME || current.defaultAccount === FIRST_NAME
        ? created
        : setValue(created, [...section, 'defaultAccount'], current.defaultAccount)
    },
    check(before, after) {
      refuseChangedOthers(before, after, id)
      const isNamed = name === null || after.accounts[id]?.name === name
      if (!Object.hasOwn(after.accounts, id) || !isNamed || after.defaultAccount !== before.defaultAccount)
        throw new Error('the edit did not add the account that was asked for')
    },
    present: (_file, { accounts }) => ({ accounts: Object.keys(accounts) }),
  }
}

/** Takes the account out of the file. The last one stays, and so does one whose leaving would move another's directory. */
export function removeAccountEdit(id: string): FileEdit {
  return {
    account: id,
    keys: [],
    prepare({ accounts }) {
      if (Object.keys(accounts).some((other) => other !== id)) return
      const message = 'This is the only account; it can be disconnected, but not removed.'
      throw new DaemonError('config_invalid', { message })
    },
    apply(text) {
      const parsed = parseConfig(text)
      const section = channelSection(parsed).path
      const removed = removeKey(text, [...section, 'accounts', id])
      const chosen = nodeAt(parsed.root, [...section, 'defaultAccount'])
      return chosen?.type === 'String' && chosen.value === id
        ? removeKey(removed, [...section, 'defaultAccount'])
        : removed
    },
    check(before, after) {
      refuseChangedOthers(before, after, id)
      if (Object.hasOwn(after.accounts, id)) throw new Error('the edit did not remove the account')
    },
    present: (_file, { accounts }) => ({ accounts: Object.keys(accounts) }),
  }
}

/** What stands for all accounts holds for the default one alone where it is a directory: that must not move to another. */
function refuseChangedOthers(before: Config, after: Config, id: string): void {
  for (const [other, settings] of Object.entries(before.accounts)) {
    if (other === id || isDeepStrictEqual(settings, after.accounts[other])) continue
    const message = `The account "${other}" would become the default account and take the directory (authDir) of "${id}".`
    throw new DaemonError('config_invalid', { message })
  }
}
