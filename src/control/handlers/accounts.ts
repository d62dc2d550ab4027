import type { AccountEditResult, ConfigEditor, ConfigSource } from '../../config/model.ts'
import type { LogLosses } from '../../observability/log/log-output.ts'
import type { AccountView } from '../../protocol/account/account.ts'
import { accountNotFound } from '../../protocol/account/account-not-found.ts'
import type { MethodResult } from '../../protocol/methods.ts'
import type { Identity } from '../auth/authenticate.ts'
import type { EditBudget } from '../limits/edit-budget.ts'
import { resolveAccount } from './resolve-account.ts'
import { shownAccounts } from '../views/shown-accounts.ts'
import type { AccountsPort } from '../ports.ts'
import type { NamespaceHandlers } from './handler.ts'

/** Each is less than a kilobyte. */
const ACCOUNTS_PER_PAGE = 100

export interface AccountsHandlerDeps {
  accounts: AccountsPort
  config: ConfigSource & ConfigEditor
  editBudget: EditBudget
  logLosses: () => LogLosses | null
}

export function accountsHandlers(deps: AccountsHandlerDeps): NamespaceHandlers<'accounts'> {
  const { accounts, config, editBudget } = deps
  const resolve = (account: string | undefined): string => resolveAccount(config.current, account)
  return {
    'accounts.list': ({ after }, { identity }) => listAccounts(deps, after, identity),
    'accounts.activity': ({ account, since }) => accounts.activity(resolve(account), new Date(since)),
    'accounts.ignoreSender': ({ account, phoneNumber: who }) => accounts.ignoreSender(resolve(account), who),
    'accounts.link': ({ account, method, phoneNumber }) =>
      accounts.link(resolve(account), { method, phoneNumber }),
    'accounts.cancelLink': async ({ account }) => ({ account: await accounts.cancelLink(resolve(account)) }),
    'accounts.passkey.get': ({ account }) => {
      const id = resolve(account)
      return { passkey: accounts.passkeys().find((live) => live.account === id) ?? null }
    },
    'accounts.passkey.answer': async ({ account, ...answer }) => ({
      account: await accounts.answerPasskey(resolve(account), answer),
    }),
    'accounts.passkey.confirm': async ({ account, ceremonyId, matches }) => ({
      account: await accounts.confirmPasskey(resolve(account), ceremonyId, matches),
    }),
    'accounts.connectBusiness': async ({ account, ...connection }) => ({
      account: await accounts.connectBusiness(resolve(account), connection),
    }),
    'accounts.reconnect': async ({ account }) => ({ account: await accounts.reconnect(resolve(account)) }),
    'accounts.disconnect': ({ account }) => accounts.disconnect(resolve(account)),
    'accounts.setEnabled': async ({ account, enabled }, { identity }) => {
      editBudget.charge(identity, config.fileLength)
      const id = resolve(account)
      const { revision } = await config.setEnabled(enabled, { account: id })
      return { account: viewOf(accounts, id), revision }
    },
    'accounts.takeOver': async ({ account }) => ({ account: await accounts.takeOver(resolve(account)) }),
    'accounts.import': async ({ account }) => ({ account: await accounts.importLink(resolve(account)) }),
    'accounts.create': async ({ id, name, revision: basis }, { identity }) => {
      editBudget.charge(identity, config.fileLength)
      const { changed, revision } = await config.createAccount(id, name ?? null, { revision: basis })
      return { account: await accounts.joined(id), created: changed, revision }
    },
    'accounts.remove': async ({ account, revision: basis, confirm = [] }, { identity }) => {
      editBudget.charge(identity, config.fileLength)
      const id = resolve(account)
      const leave = (): Promise<AccountEditResult> => config.removeAccount(id, { revision: basis })
      const { revision } = await accounts.remove(id, leave, confirm.includes('link'))
      return { account: id, revision }
    },
  }
}

function listAccounts(
  { accounts, logLosses }: AccountsHandlerDeps,
  after: string | undefined,
  identity: Identity | null,
): MethodResult<'accounts.list'> {
  const all = shownAccounts(accounts.list(), identity)
  const start = all.findIndex((view) => view.account === after) + 1
  const views = all.slice(start, start + ACCOUNTS_PER_PAGE)
  const pending = views.filter((view) => !view.linked).map((view) => view.account)
  const lost = logLosses()
  return {
    total: all.length,
    accounts: views,
    linked: views.filter((view) => view.linked).map((view) => view.account),
    pending,
    removable: all.length > 1 ? pending : [],
    ...(lost !== null && {
      log: { lostLines: lost.lines, code: lost.code, lastAt: new Date(lost.lastAt).toISOString() },
    }),
  }
}

function viewOf(accounts: AccountsPort, id: string): AccountView {
  const views = accounts.list()
  const view = views.find((candidate) => candidate.account === id)
  if (view === undefined)
    throw accountNotFound(
      id,
      views.map(({ account }) => account),
    )
  return view
}
