import { isDeepStrictEqual } from 'node:util'
import { DaemonError } from '../../protocol/errors.ts'
import { channelSection } from '../read/channel-section.ts'
import type { Config } from '../model.ts'
import { removeKey } from '../document/remove-key.ts'
import { setValue } from '../document/set-value.ts'
import type { ConfigEdit } from './config-edit.ts'

const FIRST_NAME = 'default'

/**
 * Adds an account that takes from the root everything but its name (also that, when none is given); nothing changes for one that is there. Throws
 * `DaemonError` (`max_sessions_reached`) where there are as many as may be.
 */
export function createAccountEdit(id: string, name: string | null): ConfigEdit {
  return {
    account: null,
    keys: [],
    prepare({ accounts, maxAccounts, section }) {
      const known = Object.keys(accounts)
      if (known.includes(id) || known.length < maxAccounts) return
      throw new DaemonError('max_sessions_reached', {
        message: `There are ${known.length} accounts already, and maxAccounts is ${maxAccounts}.`,
        action: `Remove an account, or raise ${section}.maxAccounts in the config file.`,
        details: { maxAccounts, count: known.length, accounts: known },
      })
    },
    apply(document, current) {
      if (Object.hasOwn(current.accounts, id)) return document
      const section = channelSection(document).path
      const settings = name === null ? {} : { name }
      const accounts = document.nodeAt([...section, 'accounts'])
      const isNamed = accounts?.type === 'object' && accounts.members.length > 0
      // The one account that exists without being named must be named now, or it would be gone.
      const added = isNamed
        ? document
        : setValue(document, [...section, 'accounts', current.defaultAccount], {})
      const created = setValue(added, [...section, 'accounts', id], settings)
      const isDecided = document.nodeAt([...section, 'defaultAccount']) !== null
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
export function removeAccountEdit(id: string): ConfigEdit {
  return {
    account: id,
    keys: [],
    prepare({ accounts }) {
      if (Object.keys(accounts).some((other) => other !== id)) return
      throw new DaemonError('last_account', { details: { account: id } })
    },
    apply(document) {
      const section = channelSection(document).path
      const removed = removeKey(document, [...section, 'accounts', id])
      return document.nodeAt([...section, 'defaultAccount'])?.value === id
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

/**
 * A directory (`authDir`) at the root is that of the default account alone: it must not move to another account. Nor may those of an
 * OpenClaw file lose what they inherit.
 */
function refuseChangedOthers(before: Config, after: Config, id: string): void {
  for (const [other, settings] of Object.entries(before.accounts)) {
    if (other === id || isDeepStrictEqual(settings, after.accounts[other])) continue
    const isHeir = settings.authDir === after.accounts[other]?.authDir
    const message = isHeir
      ? `The account "${other}" inherits settings from "${id}", and would lose them.`
      : `The account "${other}" would become the default account and take the directory (authDir) of "${id}".`
    throw new DaemonError('config_invalid', { message })
  }
}
