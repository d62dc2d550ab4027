import { mayAnybodyWrite } from '../../access/may-anybody-write.ts'
import type { AccountConfig } from '../../config/model.ts'
import { DaemonError } from '../../protocol/errors.ts'
import type { AccountLimit } from './account-dependencies.ts'

/** Why an account must not be linked now (it is paused, linked, one too many, or no person is allowed); `null` where it may be. */
export function linkRefusal(
  config: AccountConfig,
  linked: boolean,
  accountLimit: AccountLimit | null,
): DaemonError | null {
  if (!config.enabled) return new DaemonError('account_disabled')
  if (linked) return new DaemonError('already_linked')
  if (accountLimit !== null) {
    const { maxAccounts, accounts } = accountLimit
    return new DaemonError('max_sessions_reached', {
      message: `The limit of accounts is reached: maxAccounts is ${maxAccounts}, and the places are taken by ${accounts.join(', ')}.`,
      action: `Remove an account, or raise ${config.section}.maxAccounts in the config file.`,
      details: { maxAccounts, count: accounts.length, accounts: [...accounts] },
    })
  }
  if (mayAnybodyWrite(config)) return null
  const { access, section } = config
  // A longer list of numbers is of no use.
  const isSwitchedOff = access.dmPolicy === 'disabled' && access.allowFrom.length > 0
  return new DaemonError('allowlist_empty', {
    action: isSwitchedOff
      ? `Direct messages are switched off and no group is answered: set ${section}.dmPolicy to "allowlist".`
      : `Add at least one phone number to ${section}.allowFrom.`,
  })
}
