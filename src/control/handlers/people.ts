import type { ConfigSource } from '../../config/model.ts'
import type { AccountsPort } from '../ports.ts'
import type { ClientSession, Handlers } from './handler.ts'
import { requesterOf } from './requester-of.ts'
import { resolveAccount } from './resolve-account.ts'

export interface PeopleHandlerDeps {
  accounts: Pick<AccountsPort, 'people'>
  config: Pick<ConfigSource, 'current'>
}

/** Of the namespace `conversations`: what is known of people, and its end. */
export function peopleHandlers({
  accounts,
  config,
}: PeopleHandlerDeps): Pick<
  Handlers,
  'conversations.contactFields' | 'conversations.setContact' | 'conversations.forget'
> {
  const named = (account: string | undefined): string => resolveAccount(config.current, account)
  return {
    'conversations.contactFields': ({ account }) => ({
      fields: accounts.people(named(account)).contactFields,
    }),
    'conversations.setContact': ({ account, conversation, fields }, session) => {
      const id = named(account)
      return { account: id, ...accounts.people(id).setContact(conversation, fields, authorOf(session)) }
    },
    'conversations.forget': async ({ account, conversation, confirm }) => {
      const id = named(account)
      const summary = await accounts.people(id).forget(conversation, confirm)
      return { account: id, isForgotten: confirm, ...summary }
    },
  }
}

/** In whose name a caller sets contact fields. */
function authorOf(session: ClientSession): 'agent' | 'owner' | 'api' {
  const { author, by } = requesterOf(session)
  if (author === 'assistant') return 'agent'
  return by === 'dashboard' ? 'owner' : 'api'
}
