import type { ConfigSource } from '../../config/model.ts'
import type { EditBudget } from '../limits/edit-budget.ts'
import type { AccountsPort, PairingPort } from '../ports.ts'
import type { NamespaceHandlers } from './handler.ts'
import { resolveAccount } from './resolve-account.ts'

export interface PairingHandlerDeps {
  accounts: AccountsPort
  config: ConfigSource
  editBudget: EditBudget
}

export function pairingHandlers({
  accounts,
  config,
  editBudget,
}: PairingHandlerDeps): NamespaceHandlers<'pairing'> {
  const pairingOf = (account: string | undefined): PairingPort =>
    accounts.pairing(resolveAccount(config.current, account))
  return {
    'pairing.list': ({ account }) => ({ requests: pairingOf(account).list() }),
    'pairing.request': ({ account, ...request }) => pairingOf(account).request(request),
    'pairing.approve': ({ account, code }, session) => {
      editBudget.charge(session.identity, config.fileLength)
      return pairingOf(account).approve(code)
    },
    'pairing.reject': ({ account, code }) => pairingOf(account).reject(code),
  }
}
