import type { MiddlewareHandler } from 'hono'
import type { Identity } from '../../control/auth/authenticate.ts'

/** Who may link a phone may also be one; a token that only shows states may not. */
export const requireLinkScope: MiddlewareHandler = async (context, next) => {
  // Set by the daemon's own guard of everything under /v1.
  const { scopes } = context.get('identity') as Identity
  if (!scopes.includes('link'))
    return context.json({ error: { message: 'the simulated phones need a token with the scope link' } }, 403)
  return next()
}
