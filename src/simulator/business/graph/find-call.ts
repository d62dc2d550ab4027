import type { BusinessEnvironment } from '../business-environment.ts'
import type { BusinessAccount } from '../management/business-account.ts'
import type { BusinessNumber } from '../management/business-number.ts'
import type { AccessToken, TokenScope } from '../management/meta-app.ts'
import { debugToken, exchangeCode, whoAmI } from '../management/token-calls.ts'
import { ACCOUNT_ROUTES } from './account-routes.ts'
import { dialogCall } from './dialog-routes.ts'
import { GraphError, unknownObject } from './graph-error.ts'
import type { GraphCall } from './graph-route.ts'
import type { GraphRequest } from './graph-request.ts'
import { MEDIA_ROUTES, NUMBER_ROUTES } from './number-routes.ts'

/** What a request wants. Throws `GraphError` where the token is not valid or reaches nothing of the kind. */
export function findCall(env: BusinessEnvironment, request: GraphRequest): GraphCall {
  const { method, path } = request
  if (request.dialogKey !== null) return dialogCall(env, request)
  if (path === '/oauth/access_token')
    return { operation: 'exchange', number: null, run: () => exchangeCode(env, request) }
  if (path === '/debug_token')
    return { operation: 'debug-token', number: null, run: () => debugToken(env, request) }
  const token = tokenOf(env, request)
  if (path === '/me') return { operation: 'me', number: null, run: () => whoAmI(token) }
  const [, id = '', edge = ''] = /^\/([^/]+)\/?(.*)$/.exec(path) ?? []
  const number = env.directory.numbers.get(id)
  if (number !== undefined) return numberCall(env, { token, number, edge }, request)
  const account = env.directory.accounts.get(id)
  if (account !== undefined) return accountCall(env, { token, account, edge }, request)
  const media = env.media.get(id)
  const route = MEDIA_ROUTES.find((each) => each.method === method && each.edge === edge)
  if (media === undefined || route === undefined) throw unknownObject(method, id)
  const asked = request.query.get('phone_number_id')
  if (!reaches(token, media.number.account, route.scope)) throw unknownObject(method, id)
  if (asked !== null && asked !== media.number.phoneNumberId) throw unknownObject(method, id)
  return {
    operation: operationOf(route, request),
    number: media.number,
    run: () => route.handle(env, { token, media }, request),
  }
}

function numberCall(
  env: BusinessEnvironment,
  { token, number, edge }: { token: AccessToken; number: BusinessNumber; edge: string },
  request: GraphRequest,
): GraphCall {
  const route = NUMBER_ROUTES.find((each) => each.method === request.method && each.edge === edge)
  if (route === undefined || number.provider === '360dialog')
    throw unknownObject(request.method, number.phoneNumberId)
  need(token, number.account, { scope: route.scope, method: request.method, id: number.phoneNumberId })
  return {
    operation: operationOf(route, request),
    number,
    run: () => route.handle(env, { token, number }, request),
  }
}

function accountCall(
  env: BusinessEnvironment,
  { token, account, edge }: { token: AccessToken; account: BusinessAccount; edge: string },
  request: GraphRequest,
): GraphCall {
  const route = ACCOUNT_ROUTES.find((each) => each.method === request.method && each.edge === edge)
  if (route === undefined) throw unknownObject(request.method, account.id)
  need(token, account, { scope: route.scope, method: request.method, id: account.id })
  return {
    operation: operationOf(route, request),
    number: account.numbers[0] ?? null,
    run: () => route.handle(env, { token, account }, request),
  }
}

function tokenOf(env: BusinessEnvironment, { token }: GraphRequest): AccessToken {
  if (token === '')
    throw new GraphError(190, {
      message: 'An access token is required to request this resource.',
      details: 'Authentication Error',
    })
  return env.directory.token(token, env.now())
}

/** Throws `GraphError` where the token does not reach the account, or lacks the permission. */
function need(
  token: AccessToken,
  account: BusinessAccount,
  { scope, method, id }: { scope: TokenScope; method: string; id: string },
): void {
  if (!token.accounts.has(account)) throw unknownObject(method, id)
  if (!token.scopes.has(scope))
    throw new GraphError(10, {
      message: `(#10) Application does not have permission for this action`,
      details: `Missing permission: ${scope}`,
    })
}

function reaches(token: AccessToken, account: BusinessAccount, scope: TokenScope): boolean {
  return token.accounts.has(account) && token.scopes.has(scope)
}

function operationOf(
  { operation }: { operation: GraphCall['operation'] | ((request: GraphRequest) => GraphCall['operation']) },
  request: GraphRequest,
): GraphCall['operation'] {
  return typeof operation === 'function' ? operation(request) : operation
}
