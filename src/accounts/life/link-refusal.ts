import { whyNobodyMayWrite } from '../../access/why-nobody-may-write.ts'
import type { AccountConfig } from '../../config/model.ts'
import { DaemonError } from '../../protocol/errors.ts'
import { REASONS } from '../../protocol/reasons.ts'
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
  const why = whyNobodyMayWrite(config)
  if (why === null) return null
  const { section } = config
  if (why === 'nobody_allowed')
    return new DaemonError('allowlist_empty', {
      action: `Add at least one phone number to ${section}.allowFrom.`,
    })
  return new DaemonError('allowlist_empty', {
    message: REASONS[why].message,
    action: `Set ${section}.dmPolicy to "allowlist", or name a group in ${section}.groups, then link.`,
  })
}
