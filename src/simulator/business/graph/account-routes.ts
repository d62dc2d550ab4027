import { accountFields, listNumbers } from '../management/number-fields.ts'
import { listSubscriptions, subscribeApp, unsubscribeApp } from '../management/subscriptions.ts'
import { listTemplates } from '../management/template-list.ts'
import type { AccountRoute } from './graph-route.ts'

const scope = 'whatsapp_business_management'

export const ACCOUNT_ROUTES: readonly AccountRoute[] = [
  {
    method: 'GET',
    edge: '',
    operation: 'account',
    scope,
    handle: (_, { account }, { query }) => accountFields(account, query.get('fields')),
  },
  {
    method: 'GET',
    edge: 'phone_numbers',
    operation: 'numbers',
    scope,
    handle: (env, { account }, { query }) => listNumbers(env, account, query),
  },
  {
    method: 'GET',
    edge: 'subscribed_apps',
    operation: 'subscriptions',
    scope,
    handle: (_, { account }) => listSubscriptions(account),
  },
  {
    method: 'POST',
    edge: 'subscribed_apps',
    operation: 'subscribe',
    scope,
    handle: (env, { account, token }, { body, query }) =>
      subscribeApp(env, { account, app: token.app }, { ...Object.fromEntries(query), ...body }),
  },
  {
    method: 'DELETE',
    edge: 'subscribed_apps',
    operation: 'unsubscribe',
    scope,
    handle: (_, { account, token }) => unsubscribeApp(account, token.app),
  },
  {
    method: 'GET',
    edge: 'message_templates',
    operation: 'templates',
    scope,
    handle: (_, { account }, { query }) => listTemplates(account, query),
  },
]
