import { refuseError } from './refuse-error.ts'
import type { HttpRoutesDeps, Routes } from './route.ts'
import { sessionOf } from './session-of.ts'

/**
 * `GET /v1/accounts`: the answer of `accounts.list`, for a dashboard's backend that asks many sandboxes and keeps no socket to
 * any. The query holds its parameters; needs a token with the same scope.
 */
export function addAccounts(app: Routes, deps: HttpRoutesDeps): void {
  app.get('/v1/accounts', async (context) => {
    const outcome = await deps.dispatcher.call('accounts.list', context.req.query(), sessionOf(context))
    return 'result' in outcome ? context.json(outcome.result) : refuseError(context, outcome.error)
  })
}
