import { Hono } from 'hono'
import { ERRORS } from '../../protocol/errors.ts'
import { addAccountMedia } from './routes/account-media.ts'
import { addAccounts } from './routes/accounts.ts'
import { addBusinessWebhook } from './routes/business-webhook.ts'
import { allowOrigins } from './routes/cross-origin.ts'
import { refuse, refuseForeignWrites, requireToken } from './routes/guards.ts'
import { addMcp } from './routes/mcp.ts'
import { addMedia } from './routes/media.ts'
import { addMessages } from './routes/messages.ts'
import { addMetrics } from './routes/metrics.ts'
import { addPage } from './routes/page.ts'
import { addProbes } from './routes/probes.ts'
import type { HttpRoutesDeps, Routes } from './routes/route.ts'
import { addLoginLinks, addSessions } from './routes/sessions.ts'
import { addTurns } from './routes/turns.ts'

/** Everything that is plain HTTP. Public routes hold no secret; the others need a code or a token. */
export function httpRoutes(deps: HttpRoutesDeps): Routes {
  const app: Routes = new Hono()
  app.use(refuseForeignWrites(deps))
  addProbes(app, deps)
  addPage(app, deps)
  addSessions(app, deps)
  addBusinessWebhook(app, deps)
  app.use('/v1/accounts/*', allowOrigins(deps))
  // Every route below that begins so needs a token, from its first version on.
  app.use('/v1/*', requireToken(deps))
  addAccounts(app, deps)
  addLoginLinks(app, deps)
  addMedia(app, deps)
  addMessages(app, deps)
  addAccountMedia(app, deps)
  addTurns(app, deps)
  addMcp(app, deps)
  addMetrics(app, deps)
  if (deps.extraRoutes !== null) app.route('/', deps.extraRoutes)
  app.notFound((context) => refuse(context, 404, 'method_not_found', 'There is nothing here.'))
  app.onError((error, context) => {
    deps.onUnexpectedError(error)
    return refuse(context, 500, 'internal_error', ERRORS.internal_error.message)
  })
  return app
}
