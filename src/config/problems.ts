import type { ObjectNode } from '@humanwhocodes/momoa'
import type { ConfigProblem } from '../protocol/events.ts'
import type { NoticeCode, ProblemCode } from './problem-codes.ts'
import { formatPath, type PathSegment, positionOf, positionOfKey } from './parse.ts'

/** As many as anybody could read; each costs a search for its place. */
const MAX_TOLD = 1_000

/** Collects what is wrong with a file, and what is worth saying, each with its place; of each the first thousand. */
export class Problems {
  readonly errors: ConfigProblem[] = []
  readonly notices: ConfigProblem[] = []
  readonly #root: ObjectNode
  readonly #told = new Set<string>()

  constructor(root: ObjectNode) {
    this.#root = root
  }

  /** The place is that of the value at `path`, or of the nearest one around it that exists. */
  error(code: ProblemCode, path: readonly PathSegment[], message: string): void {
    this.#add(this.errors, code, path, message, positionOf)
  }

  /** The key itself is wrong, whatever its value. */
  keyError(code: ProblemCode, path: readonly PathSegment[], message: string): void {
    this.#add(this.errors, code, path, message, positionOfKey)
  }

  notice(code: NoticeCode, path: readonly PathSegment[], message: string): void {
    this.#add(this.notices, code, path, message, positionOf)
  }

  /** What stands at the root is read for every account, and told once. */
  #add(
    list: ConfigProblem[],
    code: string,
    path: readonly PathSegment[],
    message: string,
    place: typeof positionOf,
  ): void {
    const formatted = formatPath(path)
    const key = `${code} ${formatted}`
    if (list.length >= MAX_TOLD || this.#told.has(key)) return
    this.#told.add(key)
    list.push({ code, path: formatted, ...place(this.#root, path), message })
  }
}
