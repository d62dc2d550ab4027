import type { Logger } from 'pino'
import { AgentError } from '../../agents/agent-error.ts'
import type { AgentFailureCode } from '../../protocol/account/agent-failures.ts'
import { DaemonError } from '../../protocol/errors.ts'

/** Logs why a turn has no answer, the sentence and the cure first, and answers with its code. Only an unexpected error has a stack. */
export function logFailure(
  logger: Logger,
  error: unknown,
  about: { turn: string; agent: string | undefined; traceId?: string },
): AgentFailureCode {
  if (error instanceof AgentError) {
    const { code, message, action } = error
    logger.warn({ ...about, code }, `the assistant failed: ${message}. ${action}`)
    return code
  }
  const isSettings = error instanceof DaemonError && error.code === 'misconfigured'
  const code = isSettings ? 'misconfigured' : 'failed'
  logger.warn({ ...about, code, err: error }, `the assistant failed${isSettings ? `: ${error.message}` : ''}`)
  return code
}
