import type { ConfigProblem } from '../../protocol/config/config-problem.ts'
import { boundedProblem } from './bounded-problem.ts'

/** A file that cannot be used, with the first place that is wrong and all others. */
export class ConfigError extends Error {
  readonly problems: readonly [ConfigProblem, ...ConfigProblem[]]

  constructor(problems: readonly [ConfigProblem, ...ConfigProblem[]], cause?: unknown) {
    const [first, ...others] = problems
    const bounded = boundedProblem(first)
    super(bounded.message, cause === undefined ? undefined : { cause })
    this.name = 'ConfigError'
    this.problems = [bounded, ...others.map(boundedProblem)]
  }

  /** Our own fault, in `cause`: nothing in the file is known to be wrong. */
  static internal(cause: unknown): ConfigError {
    const message = 'The config file could not be read because of an internal error; the log says more.'
    return new ConfigError([{ code: 'internal', path: '', line: null, column: null, message }], cause)
  }
}
