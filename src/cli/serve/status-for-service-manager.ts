import type { AccountState } from '../../protocol/account/account-states.ts'
import type { AccountView } from '../../protocol/account/account.ts'

/** States in which a person has to link the account. */
const WAITS_FOR_A_PERSON: ReadonlySet<AccountState> = new Set(['unlinked', 'awaiting_scan', 'logged_out'])

/** One line for `systemctl status`: the accounts counted by state. No number and no id: every user of the machine can read it. */
export function statusForServiceManager(accounts: readonly Pick<AccountView, 'state'>[]): string {
  const counts = new Map<string, number>()
  for (const { state } of accounts) counts.set(state, (counts.get(state) ?? 0) + 1)
  const states = [...counts].map(([state, count]) => `${count} ${state.replaceAll('_', ' ')}`)
  const text = `${accounts.length} ${accounts.length === 1 ? 'account' : 'accounts'}`
  const waits = accounts.some(({ state }) => WAITS_FOR_A_PERSON.has(state))
  return `${[text, ...states].join(', ')}${waits ? '; "whatsappd link" links one' : ''}`
}
