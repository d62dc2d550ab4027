import type { ErrorCode } from '../../../protocol/errors.ts'
import { socketAddress } from '../../auth/daemon-proof.ts'
import type { ClientSession } from '../../handlers/handler.ts'
import { DaemonError } from '../../../protocol/errors.ts'
import type { HttpRoutesDeps, RouteContext, Routes } from './route.ts'

/** Every other error is the daemon's own trouble. */
const STATUS_OF_ERROR: Partial<Record<ErrorCode, 400 | 403 | 404 | 503>> = {
  invalid_params: 400,
  forbidden: 403,
  account_not_found: 404,
  stopping: 503,
  storage_error: 503,
}

/**
 * `GET /v1/accounts`: the answer of `accounts.list`, for a dashboard's backend that asks many sandboxes and keeps no socket to
 * any. The query holds its parameters; needs a token with the same scope.
 */
export function addAccounts(app: Routes, deps: HttpRoutesDeps): void {
  app.get('/v1/accounts', async (context) => {
    const outcome = await deps.dispatcher.call('accounts.list', context.req.query(), sessionOf(context))
    if ('result' in outcome) return context.json(outcome.result)
    const { message, data } = outcome.error
    const { code, action, details } = data
    return context.json({ error: { code, message, action, details } }, STATUS_OF_ERROR[code] ?? 500)
  })
}

/** A request has no socket to subscribe with or to authenticate anew. */
function sessionOf(context: RouteContext): ClientSession {
  const { localAddress, localPort } = context.env.incoming.socket
  const refuse = (): never => {
    throw new DaemonError('method_not_found')
  }
  return {
    identity: context.get('identity'),
    localAddress: socketAddress(localAddress, localPort),
    peer: null,
    authenticate: refuse,
    subscribe: refuse,
  }
}
