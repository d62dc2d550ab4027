import { isRecord } from '../../../protocol/is-record.ts'
import { refuse } from './guards.ts'
import { readBody } from './read-body.ts'
import { refuseError } from './refuse-error.ts'
import type { HttpRoutesDeps, Routes } from './route.ts'
import { sessionOf } from './session-of.ts'

/** Room for the longest text, as JSON may write it. */
const MAX_BODY_BYTES = 512 * 1_024
/** Of the parameters `queue` and `refresh`. */
const IS_OFF: readonly (string | undefined)[] = [undefined, '0', 'false', 'no']

/**
 * `POST /v1/accounts/:id/messages`: `messages.send`, whose parameters are the body, for scripts that keep no socket. 201 for a new
 * message, 200 for a request that was made before; `?queue=1` is its `queue`. `GET …/messages/:messageId`: `messages.get`;
 * `GET …/templates`: `templates.list`.
 */
export function addMessages(app: Routes, deps: HttpRoutesDeps): void {
  app.post('/v1/accounts/:id/messages', async (context) => {
    const text = await readBody(context.env.incoming, MAX_BODY_BYTES)
    if (text === null) return refuse(context, 413, 'invalid_request', 'The body is too large.')
    const body = parseObject(text)
    if (body === null)
      return refuse(
        context,
        400,
        'invalid_params',
        'Send a JSON object, such as {"to": "+15555550123", "text": "…"}.',
      )
    const isQueued = !IS_OFF.includes(context.req.query('queue'))
    const params = { ...body, ...(isQueued && { queue: true }), account: context.req.param('id') }
    const outcome = await deps.dispatcher.call('messages.send', params, sessionOf(context))
    if ('error' in outcome) return refuseError(context, outcome.error)
    const isNew = 'isNew' in outcome.result && outcome.result.isNew === true
    return context.json(outcome.result, isNew ? 201 : 200)
  })
  app.get('/v1/accounts/:id/templates', async (context) => {
    const refresh = !IS_OFF.includes(context.req.query('refresh'))
    const params = { account: context.req.param('id'), ...(refresh && { refresh }) }
    const outcome = await deps.dispatcher.call('templates.list', params, sessionOf(context))
    return 'result' in outcome ? context.json(outcome.result) : refuseError(context, outcome.error)
  })
  app.get('/v1/accounts/:id/messages/:messageId', async (context) => {
    const params = { account: context.req.param('id'), messageId: context.req.param('messageId') }
    const outcome = await deps.dispatcher.call('messages.get', params, sessionOf(context))
    return 'result' in outcome ? context.json(outcome.result) : refuseError(context, outcome.error)
  })
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text)
    return isRecord(value) ? value : null
  } catch {
    return null
  }
}
