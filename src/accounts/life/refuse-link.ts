import type { AccountConfig } from '../../config/model.ts'
import { DaemonError } from '../../protocol/errors.ts'
import type { AccountLimit } from './account-dependencies.ts'
import { allowsSomebody } from '../../access/allows-somebody.ts'

/** Throws `DaemonError` where an account must not be linked now: it is paused, linked, one too many, or of use to nobody. */
export function refuseLink(config: AccountConfig, linked: boolean, accountLimit: AccountLimit | null): void {
  if (!config.enabled) throw new DaemonError('account_disabled')
  if (linked) throw new DaemonError('already_linked')
  if (accountLimit !== null) {
    const { maxAccounts, accounts } = accountLimit
    throw new DaemonError('max_sessions_reached', {
      message: `The limit of accounts is reached: maxAccounts is ${maxAccounts}, and the places are taken by ${accounts.join(', ')}.`,
      details: { maxAccounts, count: accounts.length, accounts: [...accounts] },
    })
  }
  if (!allowsSomebody(config.access)) throw new DaemonError('allowlist_empty')
}
