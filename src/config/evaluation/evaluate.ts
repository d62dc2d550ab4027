import { changedPaths } from './changed-paths.ts'
import { ConfigError } from '../problems/config-error.ts'
import type { Config } from '../model.ts'
import { type EditPlan, planEdit, type PlanInput } from '../edit/plan-edit.ts'
import { resolveConfig, type ResolveContext } from '../read/resolve.ts'

/** A text as a config, beside the one that is in force. */
export interface ResolveInput {
  text: string
  current: Config | null
  context: ResolveContext
}

export interface ResolvedText {
  config: Config
  /** Dotted paths of the settings that differ from `current`. */
  changed: string[]
}

/** What takes long for a long file. Plain data, so that it can be done in another thread. */
export type EvaluationRequest = { kind: 'resolve'; input: ResolveInput } | { kind: 'plan'; input: PlanInput }

/** Throws nothing but `ConfigError`: a file that we stumble over must not stop the daemon, nor its next start. */
function resolveText({ text, current, context }: ResolveInput): ResolvedText {
  try {
    const config = resolveConfig(text, context)
    return { config, changed: current === null ? [] : changedPaths(current, config) }
  } catch (error) {
    if (error instanceof ConfigError) throw error
    throw ConfigError.internal(error)
  }
}

/** Throws `ConfigError`, and for a plan `DaemonError`. */
export function evaluate(request: EvaluationRequest): ResolvedText | EditPlan | null {
  return request.kind === 'resolve' ? resolveText(request.input) : planEdit(request.input)
}
