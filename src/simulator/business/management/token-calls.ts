import type { BusinessEnvironment } from '../business-environment.ts'
import { GraphError } from '../graph/graph-error.ts'
import type { GraphRequest } from '../graph/graph-request.ts'
import type { AccessToken, MetaApp } from './meta-app.ts'

/** `GET /debug_token`: for tokens of the same app, with the app's token (`<id>|<secret>`). */
export function debugToken(env: BusinessEnvironment, { query, token }: GraphRequest): object {
  const input = query.get('input_token') ?? ''
  const asked = env.directory.tokens.get(input)
  const app = appOf(env, token) ?? askingApp(env, token)
  const isItself = token === input
  if (app === undefined || (isItself && !env.habits.tokensDebugThemselves))
    throw new GraphError(190, { message: 'Invalid OAuth access token.' })
  if (asked === undefined || asked.app !== app)
    return { data: { is_valid: false, error: { code: 190, message: 'Invalid OAuth access token' } } }
  const isExpired = asked.expiresAt !== null && env.now() >= asked.expiresAt
  const targets = [...asked.accounts].map(({ id }) => id)
  return {
    data: {
      app_id: app.id,
      type: 'SYSTEM_USER',
      application: app.name,
      expires_at: asked.expiresAt === null ? 0 : Math.floor(asked.expiresAt / 1_000),
      is_valid: !asked.isRevoked && !isExpired,
      issued_at: Math.floor(asked.issuedAt / 1_000),
      scopes: [...asked.scopes],
      granular_scopes: [...asked.scopes].map((scope) => ({ scope, target_ids: targets })),
      ...(isExpired ? { error: { code: 190, subcode: 463, message: 'Session has expired' } } : {}),
    },
  }
}

function appOf({ directory }: BusinessEnvironment, token: string): MetaApp | undefined {
  const [id = '', secret] = token.split('|')
  const app = directory.apps.get(id)
  return app?.secret === secret ? app : undefined
}

function askingApp(env: BusinessEnvironment, token: string): MetaApp | undefined {
  return token === '' ? undefined : env.directory.token(token, env.now()).app
}

/** `GET /me`. */
export function whoAmI({ app, accounts }: AccessToken): object {
  const [account] = accounts
  return { id: app.id, name: app.name, client_business_id: account?.portfolio.id }
}

/** `GET /oauth/access_token`: a code of the embedded signup becomes a token, once and within 30 seconds. */
export function exchangeCode(env: BusinessEnvironment, { query, body }: GraphRequest): object {
  const value = (name: string): string =>
    query.get(name) ?? (typeof body[name] === 'string' ? body[name] : '')
  const app = env.directory.apps.get(value('client_id'))
  if (app === undefined || app.secret !== value('client_secret'))
    throw new GraphError(1, { message: 'Error validating client secret.', status: 400 })
  const code = env.directory.codes.get(value('code'))
  if (code === undefined || code.app !== app)
    throw new GraphError(100, { subcode: 36_009, message: 'This authorization code has been used.' })
  env.directory.codes.delete(value('code'))
  if (env.now() >= code.expiresAt)
    throw new GraphError(100, { subcode: 36_007, message: 'This authorization code has expired.' })
  env.directory.tokens.set(code.token.value, code.token)
  const { expiresAt } = code.token
  return {
    access_token: code.token.value,
    token_type: 'bearer',
    ...(expiresAt === null ? {} : { expires_in: Math.floor((expiresAt - env.now()) / 1_000) }),
  }
}
