import type { ConfigProblem } from '../../protocol/config/config-problem.ts'
import type { ProblemCode } from './problem-codes.ts'

const CODE = 'replaced_outside' satisfies ProblemCode

/** The problem of a config file that is mounted and was moved or replaced where it is mounted from. */
export function replacedOutside(path: string): ConfigProblem {
  const message =
    `The config file ${path} was moved or replaced outside of this container, which still sees the old one: edits made outside do not count, ` +
    'and who was removed there is still allowed. Restart the container, and mount the directory of the file instead of the file.'
  return { code: CODE, path: '', line: null, column: null, message }
}

/** What a person does before an edit can be made; `undefined` for every other problem. */
export function cureOfReplaced({ code }: ConfigProblem): string | undefined {
  return code === CODE ? 'Restart the container or mount the file again, then repeat the edit.' : undefined
}
