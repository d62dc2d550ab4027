import type { AccountState } from '../../../protocol/account-states.ts'
import type { AccountView } from '../../../protocol/account.ts'
import { boundPublicRequests } from './guards.ts'
import type { HttpRoutesDeps, Routes } from './route.ts'

/** `GET /livez` and `GET /readyz`. */
export function addProbes(app: Routes, deps: HttpRoutesDeps): void {
  app.get('/livez', (context) => {
    // A dashboard of another origin asks here whether the daemon or the tunnel to it is gone; the answer holds no secret.
    context.header('Access-Control-Allow-Origin', '*')
    return context.json({ status: 'ok' })
  })
  app.use('/readyz', boundPublicRequests(deps))
  app.get('/readyz', (context) => {
    const accounts = deps.accounts.list()
    const isReady = accounts.every(({ enabled, state }) => !enabled || state === 'connected')
    const body = { status: isReady ? 'ready' : 'not_ready', accounts: countByState(accounts) }
    return context.json(body, isReady ? 200 : 503)
  })
}

/** No number and no id: the answer is public. */
function countByState(accounts: readonly AccountView[]): Partial<Record<AccountState, number>> {
  const counts: Partial<Record<AccountState, number>> = {}
  for (const { state } of accounts) counts[state] = (counts[state] ?? 0) + 1
  return counts
}
