import { DaemonError } from './errors.ts'

/** The error for an account that is not there; names those that are. */
export function accountNotFound(account: string, accounts: readonly string[]): DaemonError {
  return new DaemonError('account_not_found', {
    message: `There is no account ${JSON.stringify(account)}.`,
    action: `These accounts are there: ${accounts.join(', ')}.`,
    details: { account, accounts: [...accounts] },
  })
}
