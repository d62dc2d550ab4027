import type { ConfigSource } from '../../config/model.ts'
import type { AccountsPort, OutboxPort } from '../ports.ts'
import { resolveAccount } from './resolve-account.ts'
import type { NamespaceHandlers } from './handler.ts'

export interface OutboxHandlerDeps {
  accounts: AccountsPort
  config: ConfigSource
}

export function outboxHandlers({ accounts, config }: OutboxHandlerDeps): NamespaceHandlers<'outbox'> {
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
