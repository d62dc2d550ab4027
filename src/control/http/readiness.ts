import type { AccountView } from '../../protocol/account.ts'
import type { AccountState } from '../../protocol/account-states.ts'

export interface Readiness {
  ready: boolean
  /** Accounts by state. No number and no id: `/readyz` is public. */
  accounts: Partial<Record<AccountState, number>>
}

/** Ready is when every enabled account is connected. */
export function readiness(accounts: readonly AccountView[]): Readiness {
  const counts: Partial<Record<AccountState, number>> = {}
  for (const { state } of accounts) counts[state] = (counts[state] ?? 0) + 1
  return {
    ready: accounts.every((account) => !account.enabled || account.state === 'connected'),
    accounts: counts,
  }
}
