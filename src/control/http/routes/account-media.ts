import { DaemonError, ERRORS } from '../../../protocol/errors.ts'
import type { Scope } from '../../../protocol/tokens/scopes.ts'
import { TEXT_LIMITS } from '../../../protocol/text/text-limits.ts'
import { cleanLine } from '../../../text/bounded-text.ts'
import { fileResponse } from './file-response.ts'
import { refuse } from './guards.ts'
import { refuseError } from './refuse-error.ts'
import type { HttpRoutesDeps, RouteContext, Routes } from './route.ts'

/**
 * `POST /v1/accounts/:id/media`: the body is a file, which `messages.send` may send within an hour (scope `send`); `?name=` is what it is
 * called. `GET /v1/accounts/:id/media/:mediaId`: a file of a message, or an upload (scope `conversations`); one `Range` is served.
 */
export function addAccountMedia(app: Routes, deps: HttpRoutesDeps): void {
  app.post('/v1/accounts/:id/media', async (context) => {
    const refusal = refuseWithout(context, 'send')
    if (refusal !== null) return refusal
    const { incoming } = context.env
    deps.allowLongBody(incoming)
    const length = Number(incoming.headers['content-length'] ?? Number.NaN)
    try {
      const received = await deps.accounts.media(accountOf(context)).receive({
        body: incoming.iterator({ destroyOnReturn: false }),
        length: Number.isSafeInteger(length) ? length : null,
        name: cleanLine(context.req.query('name') ?? '', TEXT_LIMITS.name) || null,
        mimeType: typeOf(context.req.header('content-type')),
      })
      deps.accounts.commit()
      return context.json({ ...received, expiresAt: received.expiresAt.toISOString() }, 201)
    } catch (error) {
      return refuseThrown(context, error)
    }
  })
  app.get('/v1/accounts/:id/media/:mediaId', async (context) => {
    const refusal = refuseWithout(context, 'conversations')
    if (refusal !== null) return refusal
    try {
      const found = deps.accounts.media(accountOf(context)).find(context.req.param('mediaId'))
      const response =
        found && (await fileResponse(context, { ...found, etag: `"${found.sha256 ?? found.path.length}"` }))
      return response ?? refuse(context, 404, 'media_not_found', ERRORS.media_not_found.message)
    } catch (error) {
      return refuseThrown(context, error)
    }
  })
}

function accountOf(context: RouteContext): string {
  return context.req.param('id') ?? ''
}

function refuseWithout(context: RouteContext, scope: Scope): Response | null {
  if (context.get('identity').scopes.includes(scope)) return null
  return refuse(context, 403, 'forbidden', `The token does not carry the scope ${scope}.`, { scope })
}

/** A media type as it is written in a header; `null` for what only says that it is a file. */
function typeOf(header: string | undefined): string | null {
  const type = header?.trim().toLowerCase() ?? ''
  const isSaid = /^[\w.+-]{1,64}\/[\w.+-]{1,64}(?:;[\w .="+-]{0,128})?$/.test(type)
  return isSaid && type !== 'application/octet-stream' && type !== 'application/x-www-form-urlencoded'
    ? type
    : null
}

function refuseThrown(context: RouteContext, error: unknown): Response {
  if (!(error instanceof DaemonError)) throw error
  const { code, message, retryable, action, details } = error
  return refuseError(context, {
    code: ERRORS[code].rpcCode,
    message,
    data: {
      code,
      retryable,
      ...(action !== undefined && { action }),
      ...(details !== undefined && { details }),
    },
  })
}
