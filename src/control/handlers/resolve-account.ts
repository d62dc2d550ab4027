import type { Config } from '../../config/model.ts'
import { accountNotFound } from '../../protocol/account/account-not-found.ts'

/** The account that a caller means: the named one, or the default. Throws `DaemonError` (`account_not_found`). */
export function resolveAccount(config: Config, account: string | undefined): string {
  if (account === undefined) return config.defaultAccount
  if (!Object.hasOwn(config.accounts, account)) {
    throw accountNotFound(account, Object.keys(config.accounts))
  }
  return account
}
