import { DaemonError } from '../errors.ts'

const MOST_NAMED = 50

/** The error for an account that does not exist; names those that do. */
export function accountNotFound(account: string, accounts: readonly string[]): DaemonError {
  const named = accounts.slice(0, MOST_NAMED)
  const more = accounts.length > named.length ? ` and ${accounts.length - named.length} more` : ''
  return new DaemonError('account_not_found', {
    message: `There is no account ${JSON.stringify(account)}.`,
    action: `These accounts exist: ${named.join(', ')}${more}.`,
    details: { account, accounts: named },
  })
}
