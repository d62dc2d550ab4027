import { z } from 'zod'
import { accountNotFound } from '../../../protocol/account/account-not-found.ts'
import { accountIdSchema, type AccountView } from '../../../protocol/account/account.ts'
import type { CallMethod } from '../call-method.ts'
import { defineTool } from '../tool.ts'

const accountStatusSchema = z.object({
  account: z.string(),
  state: z.string().describe('connected: messages come and go.'),
  phoneNumber: z.string().nullable().describe('The number of the account itself.'),
  problem: z.string().nullable().describe('Why it is not connected, and what a person can do.'),
})

/** Of one result; other accounts are named one by one. */
const MAX_ACCOUNTS = 50

export const getStatus = defineTool({
  name: 'get_status',
  title: 'WhatsApp status',
  description:
    'The WhatsApp accounts, whether each is connected, and what a person can do where it is not. Only a person can link a phone.',
  scope: 'read',
  annotations: { readOnlyHint: true, openWorldHint: false },
  input: z.strictObject({ account: accountIdSchema.optional().describe('Only this account.') }),
  output: z.object({ accounts: z.array(accountStatusSchema), total: z.number().int() }),
  run: async ({ account }, call) => {
    const { accounts, total = accounts.length } = await call('accounts.list', {})
    const wanted = account === undefined ? accounts : await named(account, accounts, call)
    if (account !== undefined && wanted.length === 0)
      throw accountNotFound(
        account,
        accounts.map((each) => each.account),
      )
    const shown = wanted.slice(0, MAX_ACCOUNTS).map((each) => ({
      account: each.account,
      state: each.state,
      phoneNumber: each.phoneNumber,
      problem: each.reason === null ? null : `${each.reason.message} ${each.reason.action}`,
    }))
    return { accounts: shown, total: account === undefined ? total : shown.length }
  },
})

/** The account of this name, on whichever page it is. */
async function named(
  account: string,
  page: readonly AccountView[],
  call: CallMethod,
): Promise<AccountView[]> {
  const found = page.filter((each) => each.account === account)
  const after = page.at(-1)?.account
  if (found.length > 0 || after === undefined) return found
  return named(account, (await call('accounts.list', { after })).accounts, call)
}
