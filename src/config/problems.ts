import type { ObjectNode } from '@humanwhocodes/momoa'
import type { ConfigProblem } from '../protocol/events.ts'
import type { NoticeCode, ProblemCode } from './problem-codes.ts'
import { formatPath, type PathSegment, positionOf, positionOfKey } from './parse.ts'

/** Collects what is wrong with a file, and what is worth saying, each with its place. */
export class Problems {
  readonly errors: ConfigProblem[] = []
  readonly notices: ConfigProblem[] = []
  readonly #root: ObjectNode

  constructor(root: ObjectNode) {
    this.#root = root
  }

  /** The place is that of the value at `path`, or of the nearest one around it that exists. */
  error(code: ProblemCode, path: readonly PathSegment[], message: string): void {
    add(this.errors, { code, path: formatPath(path), ...positionOf(this.#root, path), message })
  }

  /** The key itself is wrong, whatever its value. */
  keyError(code: ProblemCode, path: readonly PathSegment[], message: string): void {
    add(this.errors, { code, path: formatPath(path), ...positionOfKey(this.#root, path), message })
  }

  notice(code: NoticeCode, path: readonly PathSegment[], message: string): void {
    add(this.notices, { code, path: formatPath(path), ...positionOf(this.#root, path), message })
  }
}

/** What stands at the root is read for every account, and told once. */
function add(problems: ConfigProblem[], problem: ConfigProblem): void {
  if (!problems.some(({ code, path }) => code === problem.code && path === problem.path))
    problems.push(problem)
}
