import { z } from 'zod'
import { boundPublicRequests, refuse, refuseFailedAttempt } from './guards.ts'
import { readBody } from './read-body.ts'
import type { HttpRoutesDeps, Routes } from './route.ts'

const MAX_BODY_BYTES = 4 * 1_024

const sessionRequestSchema = z.strictObject({ code: z.string().min(1).max(256) })

/** `POST /v1/session`: a code of a login link for a token. Public. */
export function addSessions(app: Routes, deps: HttpRoutesDeps): void {
  app.use('/v1/session', boundPublicRequests(deps))
  app.post('/v1/session', async (context) => {
    const text = await readBody(context.env.incoming, MAX_BODY_BYTES)
    if (text === null) return refuse(context, 413, 'invalid_request', 'The body is too large.')
    const body = sessionRequestSchema.safeParse(parseJson(text))
    if (!body.success) return refuse(context, 400, 'invalid_params', 'Send {"code": "…"}.')
    const token = deps.loginLinks.redeem(body.data.code)
    if (token === null) {
      return refuseFailedAttempt(context, deps, 'The link was used already or has expired.')
    }
    return context.json({ token: token.value, expiresAt: token.expiresAt.toISOString() })
  })
}

/** `POST /v1/login-links`: a fresh link to the page. Needs a token. */
export function addLoginLinks(app: Routes, deps: HttpRoutesDeps): void {
  app.post('/v1/login-links', (context) => {
    // A link opens everything: a token with less must not be able to make one.
    if (context.get('identity').kind !== 'local') {
      return refuse(context, 403, 'forbidden', 'Only the local token makes links.')
    }
    const { link, expiresAt } = deps.newLoginLink()
    return context.json({ link, expiresAt: expiresAt.toISOString() })
  })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
