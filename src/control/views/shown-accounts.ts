import type { AccountView } from '../../protocol/account/account.ts'
import type { Identity } from '../auth/authenticate.ts'

/** The accounts as `identity` may see them: how far a passkey ceremony is only those learn who may link. */
export function shownAccounts(views: AccountView[], identity: Identity | null): AccountView[] {
  if (identity?.scopes.includes('link') === true) return views
  return views.map(({ passkey: _hidden, ...view }) => view)
}
