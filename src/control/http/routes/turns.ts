import { AgentError } from '../../../agents/agent-error.ts'
import { MAX_STEP_BYTES } from '../../../agents/answers/file-data.ts'
import { readAnswer } from '../../../agents/answers/read-answer.ts'
import type { AnswerStep } from '../../../agents/answers/written-steps.ts'
import { DaemonError, type ErrorCode } from '../../../protocol/errors.ts'
import { refuse } from './guards.ts'
import { readBody } from './read-body.ts'
import type { HttpRoutesDeps, RouteContext, Routes } from './route.ts'

const STATUS_OF_ERROR: Partial<Record<ErrorCode, 404 | 409 | 410 | 429>> = {
  turn_not_found: 404,
  turn_not_yours: 409,
  turn_answered: 409,
  turn_over: 410,
  rate_limited: 429,
}

/**
 * `POST /v1/turns/:id`: the answer to a turn that was posted to a webhook, whole or in steps, as `readAnswer` takes it. Needs a token with
 * scope `agent`.
 */
export function addTurns(app: Routes, deps: HttpRoutesDeps): void {
  app.post('/v1/turns/:id', async (context) => {
    if (!context.get('identity').scopes.includes('agent'))
      return refuse(context, 403, 'forbidden', 'The token does not carry the scope agent.', {
        scope: 'agent',
      })
    const turn = context.req.param('id')
    const text = await readBody(context.env.incoming, MAX_STEP_BYTES)
    const steps = text === null ? null : await stepsOf(text, context.req.header('content-type') ?? null)
    // It may have been a piece of a file. Of a turn that is over nothing can be lost.
    if (steps === null) await deps.agents.takePosted(turn, { type: 'lostPiece' }).catch(() => undefined)
    if (text === null) return refuse(context, 413, 'invalid_request', 'The body is too large.')
    if (steps === null)
      return refuse(
        context,
        400,
        'invalid_params',
        'Send {"text": "…"}, or the steps {"type": "delta", "text": "…"} and {"type": "done"}.',
      )
    try {
      for (const step of steps) await deps.agents.takePosted(turn, step)
    } catch (error) {
      if (error instanceof DaemonError) return refuseTurn(context, error)
      throw error
    }
    return context.json({ turn })
  })
}

/** `null` where the body is no answer. Steps may end before the answer does: further ones come with the next request. */
async function stepsOf(text: string, contentType: string | null): Promise<AnswerStep[] | null> {
  const steps: AnswerStep[] = []
  const bytes = (async function* () {
    yield Buffer.from(text)
  })()
  try {
    for await (const step of readAnswer({ contentType, bytes })) steps.push(step)
  } catch (error) {
    if (!(error instanceof AgentError)) throw error
    if (error.code !== 'interrupted') return null
  }
  return steps
}

function refuseTurn(context: RouteContext, { code, message, action, details }: DaemonError): Response {
  return context.json({ error: { code, message, action, details } }, STATUS_OF_ERROR[code] ?? 500)
}
