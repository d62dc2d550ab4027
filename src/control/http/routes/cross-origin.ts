import type { MiddlewareHandler } from 'hono'
import { clientAddress } from '../client-address.ts'
import { refuse } from './guards.ts'
import type { HttpRoutesDeps, RouteEnvironment } from './route.ts'

/** How long a browser remembers the answer, in seconds. */
const MAX_AGE = '600'

/** Those of MCP's clients, too. */
const ALLOWED_HEADERS =
  'Authorization, Content-Type, If-Range, Range, Last-Event-ID, MCP-Protocol-Version, Mcp-Method, Mcp-Name, Mcp-Session-Id'

/**
 * Lets pages of allowed origins read the answers, which a browser otherwise keeps from them; each request needs its token as ever. A
 * question of the browser's own, which has no token, is answered here.
 */
export function allowOrigins(deps: HttpRoutesDeps): MiddlewareHandler<RouteEnvironment> {
  return async (context, next) => {
    const origin = context.req.header('origin')
    context.header('Vary', 'Origin')
    if (origin === undefined || !deps.isOriginAllowed(origin)) return next()
    context.header('Access-Control-Allow-Origin', origin)
    context.header(
      'Access-Control-Expose-Headers',
      'Accept-Ranges, Content-Disposition, Content-Length, Content-Range, ETag, Retry-After',
    )
    if (context.req.method !== 'OPTIONS') return next()
    if (!deps.takePublicRequest(clientAddress(context.env.incoming)))
      return refuse(context, 429, 'rate_limited', 'Too many requests.')
    context.header('Access-Control-Allow-Methods', 'GET, HEAD, POST, DELETE')
    context.header('Access-Control-Allow-Headers', ALLOWED_HEADERS)
    context.header('Access-Control-Max-Age', MAX_AGE)
    return context.body(null, 204)
  }
}
