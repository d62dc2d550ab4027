import { fileResponse } from './file-response.ts'
import { refuse } from './guards.ts'
import type { HttpRoutesDeps, Routes } from './route.ts'

/**
 * `GET /v1/media/:id`: a file of a turn that is open, for assistants that cannot read the daemon's disk. The id stands in the turn
 * (`attachments[].url`). Needs a token with scope `agent`.
 */
export function addMedia(app: Routes, deps: HttpRoutesDeps): void {
  app.get('/v1/media/:id', async (context) => {
    if (!context.get('identity').scopes.includes('agent'))
      return refuse(context, 403, 'forbidden', 'The token does not carry the scope agent.', {
        scope: 'agent',
      })
    const offered = deps.agents.offeredFile(context.req.param('id'))
    const response =
      offered && (await fileResponse(context, { path: offered.path, mimeType: offered.mimeType ?? null }))
    return response ?? refuse(context, 404, 'turn_not_found', 'No open turn has this file.')
  })
}
