import { DaemonError, type ErrorCode } from '../../protocol/errors.ts'
import type { ConfigProblem } from '../../protocol/config-problem.ts'
import { ConfigError } from '../problems/config-error.ts'
import type { ResolvedText } from './evaluate.ts'
import type { EditPlan } from '../edit/plan-edit.ts'

/** What comes back from another thread, where errors lose their class. */
export type EvaluationAnswer =
  | { ok: true; value: ResolvedText | EditPlan | null }
  | { ok: false; kind: 'config'; problems: readonly [ConfigProblem, ...ConfigProblem[]]; cause: unknown }
  | {
      ok: false
      kind: 'daemon'
      code: ErrorCode
      options: { message: string; action?: string; details?: Record<string, unknown>; cause: unknown }
    }
  | { ok: false; kind: 'other'; error: Error }

/** An error as plain data. */
export function answerOf(error: unknown): EvaluationAnswer {
  if (error instanceof ConfigError)
    return {
      ok: false,
      kind: 'config',
      problems: error.problems,
      cause: error.cause === undefined ? undefined : plainError(error.cause),
    }
  if (error instanceof DaemonError) {
    const { code, message, action, details, cause } = error
    const options = {
      message,
      ...(action === undefined ? {} : { action }),
      ...(details === undefined ? {} : { details }),
      cause: cause === undefined ? undefined : plainError(cause),
    }
    return { ok: false, kind: 'daemon', code, options }
  }
  return { ok: false, kind: 'other', error: plainError(error) }
}

/** The error again. */
export function failureOf(answer: Extract<EvaluationAnswer, { ok: false }>): Error {
  if (answer.kind === 'config') return new ConfigError(answer.problems, answer.cause)
  if (answer.kind === 'daemon') return new DaemonError(answer.code, answer.options)
  return answer.error
}

/** Only what every thread can be told of. */
function plainError(error: unknown): Error {
  const plain = new Error(error instanceof Error ? error.message : String(error))
  if (error instanceof Error && error.stack !== undefined) plain.stack = error.stack
  return plain
}
