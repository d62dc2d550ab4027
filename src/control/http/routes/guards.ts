import type { Context, MiddlewareHandler } from 'hono'
import { ERRORS } from '../../../protocol/errors.ts'
import type { ErrorCode } from '../../../protocol/errors.ts'
import { isRefusal } from '../../auth/authenticate.ts'
import { refusalError } from '../../auth/refusal-error.ts'
import { bearerOfHeader } from '../bearer-of.ts'
import { clientAddress } from '../client-address.ts'
import type { HttpRoutesDeps, RouteContext, RouteEnvironment } from './route.ts'

type Guard = MiddlewareHandler<RouteEnvironment>

/** Requires `Authorization: Bearer <token>`, and an allowed origin for every method. The route then knows the `identity`. */
export function requireToken(deps: HttpRoutesDeps): Guard {
  return async (context, next) => {
    if (!deps.isOriginAllowed(context.req.header('origin'))) return refuseOrigin(context)
    const token = bearerOfHeader(context.req.header('authorization'))
    if (token === null) {
      if (!takePublicRequest(context, deps)) return refuseTooMany(context)
      context.header('WWW-Authenticate', 'Bearer')
      return refuse(context, 401, 'unauthorized', ERRORS.unauthorized.message)
    }
    const verdict = await deps.authenticator.authenticate(token)
    if (isRefusal(verdict)) {
      const { message, details } = refusalError(verdict)
      return refuseFailedAttempt(context, deps, message, details)
    }
    if (!deps.holders.request(verdict)) return refuseTooMany(context)
    context.set('identity', verdict)
    await next()
    return undefined
  }
}

/** Bounds requests without a token, by source. */
export function boundPublicRequests(deps: HttpRoutesDeps): Guard {
  return async (context, next) => {
    if (!takePublicRequest(context, deps)) return refuseTooMany(context)
    return next()
  }
}

/** Refuses whatever could change something, from a page of another origin. */
export function refuseForeignWrites({ isOriginAllowed }: HttpRoutesDeps): Guard {
  return async (context, next) => {
    const isWrite = context.req.method !== 'GET' && context.req.method !== 'HEAD'
    if (isWrite && !isOriginAllowed(context.req.header('origin'))) return refuseOrigin(context)
    return next()
  }
}

/** The answer to a wrong token or code, which is counted. */
export function refuseFailedAttempt(
  context: RouteContext,
  { attempts }: HttpRoutesDeps,
  message: string,
  details?: Record<string, unknown>,
): Response {
  if (attempts.failed(clientAddress(context.env.incoming))) return refuseTooMany(context)
  context.header('WWW-Authenticate', 'Bearer error="invalid_token"')
  return refuse(context, 401, 'unauthorized', message, details)
}

/** An error as every route answers it. */
export function refuse(
  context: Context,
  status: 400 | 401 | 403 | 404 | 413 | 415 | 429 | 500 | 503,
  code: ErrorCode,
  message: string,
  details?: Record<string, unknown>,
): Response {
  return context.json({ error: { code, message, ...(details !== undefined && { details }) } }, status)
}

function refuseOrigin(context: RouteContext): Response {
  return refuse(context, 403, 'forbidden', 'This origin is not allowed.')
}

function refuseTooMany(context: RouteContext): Response {
  context.header('Retry-After', '1')
  return refuse(context, 429, 'rate_limited', ERRORS.rate_limited.message)
}

function takePublicRequest(context: RouteContext, deps: HttpRoutesDeps): boolean {
  return deps.takePublicRequest(clientAddress(context.env.incoming))
}
