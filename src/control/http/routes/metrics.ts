import { refuse, requireToken } from './guards.ts'
import type { HttpRoutesDeps, Routes } from './route.ts'

/** Prometheus' text format, as its documentation names it. */
const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8'

/** `GET /metrics`: what a scraper asks for, with a token of scope `metrics`, such as `whatsappd.auth.metricsToken`. */
export function addMetrics(app: Routes, deps: HttpRoutesDeps): void {
  app.use('/metrics', requireToken(deps))
  app.get('/metrics', async (context) => {
    if (!context.get('identity').scopes.includes('metrics'))
      return refuse(context, 403, 'forbidden', 'The token does not carry the scope metrics.', {
        scope: 'metrics',
      })
    return context.body(await deps.metrics.read(), 200, { 'Content-Type': CONTENT_TYPE })
  })
}
