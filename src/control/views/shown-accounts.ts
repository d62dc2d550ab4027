import { type AccountView, LINK_FIELDS } from '../../protocol/account/account.ts'
import type { Identity } from '../auth/authenticate.ts'
import { withoutFields } from './without-fields.ts'

/** The accounts as `identity` may see them: what would help to link or to connect an account, only those learn who may do so. */
export function shownAccounts(views: AccountView[], identity: Identity | null): AccountView[] {
  if (identity?.scopes.includes('link') === true) return views
  return views.map((view) => withoutFields(view, ['passkey', ...LINK_FIELDS]))
}
