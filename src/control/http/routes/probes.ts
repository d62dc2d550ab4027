import type { AccountState } from '../../../protocol/account/account-states.ts'
import type { AccountView } from '../../../protocol/account/account.ts'
import { boundPublicRequests } from './guards.ts'
import type { HttpRoutesDeps, Routes } from './route.ts'

/** Of the parameter `deep`. */
const NOT_DEEP: readonly (string | undefined)[] = [undefined, '0', 'false', 'no']

/**
 * `GET /livez` and `GET /readyz`; `?deep` also asks for the assistants, `?account=<id>` (more than once, too) for these accounts alone.
 * An account that is not there is answered like one that is not connected: the answer is public.
 */
export function addProbes(app: Routes, deps: HttpRoutesDeps): void {
  app.get('/livez', (context) => {
    // A dashboard of another origin asks here whether the daemon or the tunnel to it is gone; the answer holds no secret.
    context.header('Access-Control-Allow-Origin', '*')
    return context.json({ status: 'ok' })
  })
  app.use('/readyz', boundPublicRequests(deps))
  app.get('/readyz', (context) => {
    const asked = context.req.queries('account')
    const accounts = deps.accounts
      .list()
      .filter(({ account, enabled }) => asked === undefined || (enabled && asked.includes(account)))
    const isThere = asked === undefined || asked.every((id) => accounts.some(({ account }) => account === id))
    const isDeep = !NOT_DEEP.includes(context.req.query('deep'))
    const isLinked = accounts.every(({ enabled, state }) => !enabled || state === 'connected')
    const answers = accounts.every(({ enabled, assistant }) => !enabled || assistant?.ok !== false)
    const isReady = isThere && isLinked && (!isDeep || answers)
    const body = {
      status: isReady ? 'ready' : 'not_ready',
      accounts: countByState(accounts),
      ...(isDeep && { assistants: countAssistants(accounts) }),
    }
    return context.json(body, isReady ? 200 : 503)
  })
}

/** `ok`, or the code of the failure. The sentence behind it may name a place: it is not for everybody. */
function countAssistants(accounts: readonly AccountView[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { assistant } of accounts) {
    if (assistant === null || assistant === undefined) continue
    const key = assistant.ok ? 'ok' : (assistant.lastFailure?.code ?? 'failed')
    counts[key] = (counts[key] ?? 0) + 1
  }
  return counts
}

/** No number and no id: the answer is public. */
function countByState(accounts: readonly AccountView[]): Partial<Record<AccountState, number>> {
  const counts: Partial<Record<AccountState, number>> = {}
  for (const { state } of accounts) counts[state] = (counts[state] ?? 0) + 1
  return counts
}
