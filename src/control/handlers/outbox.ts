import type { ConfigSource } from '../../config/model.ts'
import type { AccountsPort, OutboxPort } from '../ports.ts'
import { resolveAccount } from './resolve-account.ts'
import type { NamespaceHandlers } from './handlers.ts'

export interface OutboxHandlerDependencies {
  accounts: AccountsPort
  config: ConfigSource
}

export function outboxHandlers({ accounts, config }: OutboxHandlerDependencies): NamespaceHandlers<'outbox'> {
  const outboxOf = (account: string | undefined): OutboxPort =>
    accounts.outbox(resolveAccount(config.current, account))
  return {
    'outbox.list': ({ account, ...query }) => outboxOf(account).list(query),
    'outbox.retry': ({ account, messageId }) => ({ message: outboxOf(account).retry(messageId) }),
    'outbox.discard': ({ account, messageId }) => {
      outboxOf(account).discard(messageId)
      return { messageId }
    },
  }
}
