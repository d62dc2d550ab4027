import type { HttpBindings } from '@hono/node-server'
import { Hono } from 'hono'
import type { Context, MiddlewareHandler } from 'hono'
import { z } from 'zod'
import { ERRORS } from '../../protocol/errors.ts'
import type { ErrorCode } from '../../protocol/errors.ts'
import type { AttemptLimit } from '../auth/attempt-limit.ts'
import type { Authenticator, Identity } from '../auth/authenticate.ts'
import { bearerOfHeader } from './bearer-of.ts'
import { BrowserAssets } from './browser-assets.ts'
import type { HolderLimits } from '../limits/holder-limits.ts'
import type { LoginLinks } from '../auth/login-link.ts'
import { pageHtml } from './page-html.ts'
import type { AccountsPort } from '../ports.ts'
import { readBody } from './read-body.ts'
import { readiness } from './readiness.ts'
import { clientAddress } from './client-address.ts'
import { TOKEN_REFUSALS } from '../../protocol/token-refusals.ts'

const MAX_BODY_BYTES = 4 * 1_024

const sessionRequestSchema = z.strictObject({ code: z.string().min(1).max(256) })

export interface HttpRoutesDeps {
  accounts: AccountsPort
  authenticator: Authenticator
  attempts: AttemptLimit
  holders: HolderLimits
  /** False when requests without a token come too fast from this source. */
  takePublicRequest: (source: string) => boolean
  loginLinks: LoginLinks
  isOriginAllowed: (origin: string | undefined) => boolean
  /** A fresh single-use link to the page. */
  newLoginLink: () => { link: string; expiresAt: Date }
  browserAssetsDirectory: string
  demo: boolean
  extraRoutes: Hono | null
  onUnexpectedError: (error: unknown) => void
}

/** What every route knows: the request's socket, and who came with a token. */
interface RouteEnvironment {
  Bindings: HttpBindings
  Variables: { identity: Identity }
}
type Routes = Hono<RouteEnvironment>
type RouteContext = Context<RouteEnvironment>

/** Everything that is plain HTTP. Public routes hold no secret; the rest asks for a code or a token. */
export function httpRoutes(deps: HttpRoutesDeps): Routes {
  const app: Routes = new Hono()
  app.use(async (context, next) => {
    const isWrite = context.req.method !== 'GET' && context.req.method !== 'HEAD'
    if (isWrite && !deps.isOriginAllowed(context.req.header('origin'))) {
      return refuse(context, 403, 'forbidden', 'This origin is not allowed.')
    }
    return next()
  })
  app.get('/livez', (context) => {
    // A dashboard of another origin asks here whether the daemon or the way to it is gone; it holds no secret.
    context.header('Access-Control-Allow-Origin', '*')
    return context.json({ status: 'ok' })
  })
  const bounded = boundsStrangers(deps)
  app.use('/readyz', bounded)
  app.get('/readyz', (context) => {
    const { ready, accounts } = readiness(deps.accounts.list())
    return context.json({ status: ready ? 'ready' : 'not_ready', accounts }, ready ? 200 : 503)
  })
  addPage(app, deps)
  addSessions(app, deps)
  if (deps.extraRoutes !== null) app.route('/', deps.extraRoutes)
  app.notFound((context) => refuse(context, 404, 'method_not_found', 'There is nothing here.'))
  app.onError((error, context) => {
    deps.onUnexpectedError(error)
    return refuse(context, 500, 'internal_error', ERRORS.internal_error.message)
  })
  return app
}

function addPage(app: Routes, deps: HttpRoutesDeps): void {
  const { browserAssetsDirectory, demo } = deps
  const assets = new BrowserAssets(browserAssetsDirectory)
  const bounded = boundsStrangers(deps)
  app.use('/', bounded)
  app.get('/', (context) => context.html(pageHtml({ demo })))
  const script = '/:script{(card|page|shared-[A-Z0-9]{8})\\.js}'
  app.use(script, bounded)
  app.get(script, async (context) => {
    const name = context.req.param('script')
    const asset = await assets.read(name)
    if (asset === null)
      return refuse(context, 404, 'method_not_found', `${name} was not built: run "npm run build".`)
    const headers = {
      'Content-Type': 'text/javascript; charset=utf-8',
      // What the scripts share is named for its content, so it never changes under its name.
      'Cache-Control': name.startsWith('shared-') ? 'public, max-age=31536000, immutable' : 'no-cache',
      ETag: asset.etag,
    }
    // A hosted dashboard loads the card as a module from here; it is public and the same for everybody.
    if (name !== 'page.js') context.header('Access-Control-Allow-Origin', '*')
    if (context.req.header('if-none-match') === asset.etag) return context.body(null, 304, headers)
    return context.body(asset.body, 200, headers)
  })
}

function addSessions(app: Routes, deps: HttpRoutesDeps): void {
  app.use('/v1/session', boundsStrangers(deps))
  app.post('/v1/session', async (context) => {
    const text = await readBody(context.env.incoming, MAX_BODY_BYTES)
    if (text === null) return refuse(context, 413, 'invalid_request', 'The body is too large.')
    const body = sessionRequestSchema.safeParse(parseJson(text))
    if (!body.success) return refuse(context, 400, 'invalid_params', 'Send {"code": "…"}.')
    const token = deps.loginLinks.redeem(body.data.code)
    if (token === null) {
      return refuseFailure(context, deps, 'The link was used already or has expired.')
    }
    return context.json({ token: token.value, expiresAt: token.expiresAt.toISOString() })
  })
  // Whatever is added below these two needs a token from the start.
  app.use('/v1/*', needsToken(deps))
  app.use('/metrics', needsToken(deps))
  app.post('/v1/login-links', (context) => {
    // A link opens everything: a token with less must not be able to make one.
    if (context.get('identity').kind !== 'local') {
      return refuse(context, 403, 'forbidden', 'Only the local token makes links.')
    }
    const { link, expiresAt } = deps.newLoginLink()
    return context.json({ link, expiresAt: expiresAt.toISOString() })
  })
}

/** Requires `Authorization: Bearer <token>`, and an allowed origin for every method. */
function needsToken(deps: HttpRoutesDeps): MiddlewareHandler<RouteEnvironment> {
  return async (context, next) => {
    if (!deps.isOriginAllowed(context.req.header('origin'))) {
      return refuse(context, 403, 'forbidden', 'This origin is not allowed.')
    }
    const token = bearerOfHeader(context.req.header('authorization'))
    if (token === null) {
      if (!takesPublicRequest(context, deps)) return tooMany(context)
      context.header('WWW-Authenticate', 'Bearer')
      return refuse(context, 401, 'unauthorized', ERRORS.unauthorized.message)
    }
    const verdict = await deps.authenticator.authenticate(token)
    if (typeof verdict === 'string') return refuseFailure(context, deps, TOKEN_REFUSALS[verdict])
    if (!deps.holders.request(verdict)) return tooMany(context)
    context.set('identity', verdict)
    await next()
    return undefined
  }
}

/** Requests without a token, of which everybody behind one address has a share. */
function boundsStrangers(deps: HttpRoutesDeps): MiddlewareHandler<RouteEnvironment> {
  return async (context, next) => {
    if (!takesPublicRequest(context, deps)) return tooMany(context)
    return next()
  }
}

function takesPublicRequest(context: RouteContext, { takePublicRequest }: HttpRoutesDeps): boolean {
  return takePublicRequest(clientAddress(context.env.incoming))
}

function tooMany(context: RouteContext): Response {
  context.header('Retry-After', '1')
  return refuse(context, 429, 'rate_limited', ERRORS.rate_limited.message)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function refuseFailure(context: RouteContext, { attempts }: HttpRoutesDeps, message: string): Response {
  if (attempts.failed(clientAddress(context.env.incoming))) {
    return tooMany(context)
  }
  context.header('WWW-Authenticate', 'Bearer error="invalid_token"')
  return refuse(context, 401, 'unauthorized', message)
}

function refuse(
  context: Context,
  status: 400 | 401 | 403 | 404 | 413 | 429 | 500,
  code: ErrorCode,
  message: string,
): Response {
  return context.json({ error: { code, message } }, status)
}
