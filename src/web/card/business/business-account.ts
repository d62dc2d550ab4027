import type { AccountView } from '../../../protocol/account/account.ts'

/** What the daemon tells of the Business number of an account. */
export type BusinessAccount = NonNullable<AccountView['business']>
