import type { ConfigSource } from '../../config/model.ts'
import type { AccountsPort, MessageChangesPort, MessagesPort } from '../ports.ts'
import type { NamespaceHandlers } from './handler.ts'
import { requesterOf } from './requester-of.ts'
import { resolveAccount } from './resolve-account.ts'

export interface MessagesHandlerDeps {
  accounts: AccountsPort
  config: ConfigSource
}

export function messagesHandlers({ accounts, config }: MessagesHandlerDeps): NamespaceHandlers<'messages'> {
  const messagesOf = (account: string | undefined): MessagesPort =>
    accounts.messages(resolveAccount(config.current, account))
  const changesOf = (account: string | undefined): MessageChangesPort =>
    accounts.messageChanges(resolveAccount(config.current, account))
  return {
    'messages.send': ({ account, as, ...request }, session) =>
      messagesOf(account).send(request, requesterOf(session, as)),
    'messages.get': ({ account, messageId }) => messagesOf(account).get(messageId),
    'messages.react': ({ account, as, ...request }, session) =>
      changesOf(account).react(request, requesterOf(session, as)),
    'messages.edit': ({ account, ...request }, session) =>
      changesOf(account).edit(request, requesterOf(session)),
    'messages.revoke': ({ account, ...request }, session) =>
      changesOf(account).revoke(request, requesterOf(session)),
  }
}
