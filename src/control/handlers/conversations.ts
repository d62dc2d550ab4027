import type { ConfigSource } from '../../config/model.ts'
import { DaemonError } from '../../protocol/errors.ts'
import type { AccountsPort, ConversationsPort, TakeoverPort } from '../ports.ts'
import type { NamespaceHandlers } from './handler.ts'
import { peopleHandlers } from './people.ts'
import { requesterOf } from './requester-of.ts'
import { resolveAccount } from './resolve-account.ts'

export interface ConversationsHandlerDeps {
  accounts: Pick<AccountsPort, 'conversations' | 'people' | 'takeover'>
  config: Pick<ConfigSource, 'current'>
}

export function conversationsHandlers({
  accounts,
  config,
}: ConversationsHandlerDeps): NamespaceHandlers<'conversations'> {
  const conversationsOf = (account: string | undefined): ConversationsPort =>
    accounts.conversations(resolveAccount(config.current, account))
  const takeoverOf = (account: string | undefined): TakeoverPort =>
    accounts.takeover(resolveAccount(config.current, account))
  return {
    'conversations.list': ({ account, text, ...query }) =>
      text === undefined
        ? conversationsOf(account).list(query)
        : conversationsOf(account).listNamed(query, text),
    'conversations.get': ({ account, conversation }) => ({
      conversation: conversationsOf(account).get(conversation),
    }),
    'conversations.messages': ({ account, conversation, ...query }) => {
      const places = [query.before, query.after, query.around].filter((place) => place !== undefined)
      if (places.length > 1)
        throw new DaemonError('invalid_params', { message: 'Give one of `before`, `after` and `around`.' })
      return conversationsOf(account).messages(conversation, query)
    },
    'conversations.search': ({ account, ...query }) => conversationsOf(account).search(query),
    'conversations.text': ({ account, conversation, messageId, offset }) =>
      conversationsOf(account).text(conversation, messageId, offset),
    ...peopleHandlers({ accounts, config }),
    'conversations.takeOver': ({ account, conversation, minutes }, session) => {
      const { author, by } = requesterOf(session)
      return takeoverOf(account).takeOver(conversation, author === 'assistant' ? 'agent' : by, minutes)
    },
    'conversations.resume': ({ account, conversation }, session) =>
      takeoverOf(account).resume(conversation, requesterOf(session).author),
    'conversations.setAssistant': ({ account, conversation, on }, session) =>
      takeoverOf(account).setAssistant(conversation, on, requesterOf(session).author),
    'conversations.markRead': ({ account, conversation, until }) =>
      conversationsOf(account).markRead(conversation, until),
  }
}
