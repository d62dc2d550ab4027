import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { setTimeout as rest } from 'node:timers/promises'
import type { HttpRoutesDeps } from './routes/route.ts'

type Handle = (request: IncomingMessage, response: ServerResponse) => Promise<void>

/** Node loads what implements this class when it is asked for it. */
const loadRequests = (): unknown => globalThis.Request

/**
 * Serves plain HTTP. The routes, their library and Node's own part of it are loaded with the first request, each in a turn of the
 * event loop of its own: they are 12 MiB that a daemon does without whose dashboards only use the WebSocket.
 */
export function requestListener(deps: HttpRoutesDeps): RequestListener {
  let loading: Promise<Handle> | null = null
  return (request, response) => {
    loading ??= load(deps)
    loading
      .then((handle) => handle(request, response))
      .catch((error: unknown) => {
        deps.onUnexpectedError(error)
        response.destroy()
      })
  }
}

async function load(deps: HttpRoutesDeps): Promise<Handle> {
  await rest()
  loadRequests()
  await rest()
  const { getRequestListener } = await import('@hono/node-server')
  await rest()
  const { httpRoutes } = await import('./http-routes.ts')
  return getRequestListener(httpRoutes(deps).fetch, { overrideGlobalObjects: false })
}
