import { DaemonError, type ErrorCode } from '../../protocol/errors.ts'
import type { ConfigProblem } from '../../protocol/config/config-problem.ts'
import { ConfigError } from '../problems/config-error.ts'
import type { EvaluatedText, EvaluationRequest } from './evaluation.ts'
import { packConfig, type PackedConfig, unpackConfig } from './packed-config.ts'

/** A request to another thread. */
export interface EvaluationQuestion {
  request: Omit<EvaluationRequest, 'current'>
  current: PackedConfig
}

/** What comes back from there, where errors lose their class. */
export type EvaluationAnswer =
  | { ok: true; value: (Omit<EvaluatedText, 'config'> & { config: PackedConfig }) | null }
  | { ok: false; kind: 'config'; problems: readonly [ConfigProblem, ...ConfigProblem[]]; cause: unknown }
  | {
      ok: false
      kind: 'daemon'
      code: ErrorCode
      options: { message: string; action?: string; details?: Record<string, unknown>; cause: unknown }
    }
  | { ok: false; kind: 'other'; error: Error }

export function questionOf({ current, ...request }: EvaluationRequest): EvaluationQuestion {
  return { request, current: packConfig(current) }
}

export function requestOf({ request, current }: EvaluationQuestion): EvaluationRequest {
  // The same request as before: only the config was packed.
  return { ...request, current: unpackConfig(current) } as EvaluationRequest
}

export function answerOf(value: EvaluatedText | null): EvaluationAnswer {
  return { ok: true, value: value && { ...value, config: packConfig(value.config) } }
}

/** The value of the answer, or the error that it carries, thrown. */
export function valueOf(answer: EvaluationAnswer): EvaluatedText | null {
  if (answer.ok) return answer.value && { ...answer.value, config: unpackConfig(answer.value.config) }
  if (answer.kind === 'config') throw new ConfigError(answer.problems, answer.cause)
  if (answer.kind === 'daemon') throw new DaemonError(answer.code, answer.options)
  throw answer.error
}

/** An error as plain data. */
export function failureOf(error: unknown): EvaluationAnswer {
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

/** Without what cannot be sent to another thread. */
function plainError(error: unknown): Error {
  const plain = new Error(error instanceof Error ? error.message : String(error))
  if (error instanceof Error && error.stack !== undefined) plain.stack = error.stack
  return plain
}
