import type { ConfigProblem } from '../../protocol/config/config-problem.ts'
import { cleanLine } from '../../text/bounded-text.ts'

/** A file may be a megabyte of one name: what is quoted of it is enough to find the place. */
const MAX_PATH_LENGTH = 300
const MAX_MESSAGE_LENGTH = 500

/** The problem with its texts as short printable lines. */
export function boundedProblem(problem: ConfigProblem): ConfigProblem {
  const path = cleanLine(problem.path, MAX_PATH_LENGTH)
  return { ...problem, path, message: cleanLine(problem.message, MAX_MESSAGE_LENGTH) }
}
