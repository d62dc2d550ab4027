import type { AgentCheck } from '../../../agents/agent-check.ts'
import { AgentError } from '../../../agents/agent-error.ts'
import { untilAborted } from '../../../timing/until-aborted.ts'
import { describeFailure } from '../../describe-failure.ts'
import { fine, type Found, problem, warning } from './check.ts'
import { sentence } from '../../../text/sentence.ts'

const LOOK_LIMIT_MS = 12_000

/** One look at an agent, or at a server that works for it; what it throws, and that it takes too long, are findings. Never rejects. */
export async function lookWithin(
  { id: check, look }: AgentCheck,
  subject: string,
  signal: AbortSignal,
): Promise<Found> {
  const late = new AgentError('timeout', `there was no answer within ${LOOK_LIMIT_MS / 1_000} s`, {
    action: 'See whether it runs, and whether it is busy.',
  })
  const limit = new AbortController()
  const timer = setTimeout(() => limit.abort(late), LOOK_LIMIT_MS)
  try {
    const looking = look(limit.signal)
    const { message, advice } = await untilAborted(looking, AbortSignal.any([signal, limit.signal]))
    return {
      check,
      ...(advice === undefined ? fine(message, subject) : warning(message, advice, subject)),
    }
  } catch (error) {
    if (error instanceof AgentError)
      return { check, ...problem(sentence(error.message), error.action, subject) }
    const { line } = describeFailure(error)
    return { check, ...problem(sentence(line), 'The check itself failed.', subject) }
  } finally {
    clearTimeout(timer)
    limit.abort()
  }
}
