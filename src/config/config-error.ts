import type { ConfigProblem } from '../protocol/events.ts'

/** A file that cannot be used, with the first place that is wrong and all others. */
export class ConfigError extends Error {
  readonly problems: readonly [ConfigProblem, ...ConfigProblem[]]

  constructor(problems: readonly [ConfigProblem, ...ConfigProblem[]]) {
    super(problems[0].message)
    this.name = 'ConfigError'
    this.problems = problems
  }
}
