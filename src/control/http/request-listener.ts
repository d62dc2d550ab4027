import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { setTimeout as rest } from 'node:timers/promises'
import type { HttpRoutesDeps } from './routes/route.ts'
import { SECURITY_HEADERS } from './security-headers.ts'

type Handle = (request: IncomingMessage, response: ServerResponse) => Promise<void>

/** As every error of a route, without what makes those. */
const NOT_LOADED = JSON.stringify({
  error: {
    code: 'internal_error',
    message: 'A part of whatsappd could not be loaded.',
    action: 'Look into its log. Where it was updated or removed while it runs, restart it.',
  },
})
/** In seconds. */
const RETRY_AFTER = '5'

/** Node loads what implements this class when it is asked for it. */
const loadRequests = (): unknown => globalThis.Request

/**
 * Serves plain HTTP. The routes, their library and Node's own part of it are loaded with the first request, each in a turn of the
 * event loop of its own: they are 12 MiB that a daemon does without whose dashboards only use the WebSocket. Where that fails, the
 * answer is 503, and the next request tries again.
 */
export function requestListener(
  deps: HttpRoutesDeps,
  load: (deps: HttpRoutesDeps) => Promise<Handle> = loadRoutes,
): RequestListener {
  let loading: Promise<Handle> | null = null
  return (request, response) => {
    loading ??= load(deps)
    loading.then(
      (handle) =>
        handle(request, response).catch((error: unknown) => {
          deps.onUnexpectedError(error)
          response.destroy()
        }),
      (error: unknown) => {
        loading = null
        deps.onUnexpectedError(error)
        const headers = {
          ...SECURITY_HEADERS,
          'Content-Type': 'application/json',
          'Retry-After': RETRY_AFTER,
        }
        // What is left of the request is not read.
        response.writeHead(503, { ...headers, Connection: 'close' }).end(NOT_LOADED)
      },
    )
  }
}

async function loadRoutes(deps: HttpRoutesDeps): Promise<Handle> {
  await rest()
  loadRequests()
  await rest()
  const { getRequestListener } = await import('@hono/node-server')
  await rest()
  const { httpRoutes } = await import('./http-routes.ts')
  return getRequestListener(httpRoutes(deps).fetch, { overrideGlobalObjects: false })
}
