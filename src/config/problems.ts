import type { ObjectNode } from '@humanwhocodes/momoa'
import type { ConfigProblem } from '../protocol/events.ts'
import { formatPath, type PathSegment, positionOf } from './parse.ts'

/** Collects what is wrong with a file, and what is worth saying, each with its place. */
export class Problems {
  readonly errors: ConfigProblem[] = []
  readonly notices: ConfigProblem[] = []
  readonly #root: ObjectNode

  constructor(root: ObjectNode) {
    this.#root = root
  }

  error(code: string, path: readonly PathSegment[], message: string): void {
    this.errors.push(this.#at(code, path, message))
  }

  notice(code: string, path: readonly PathSegment[], message: string): void {
    this.notices.push(this.#at(code, path, message))
  }

  #at(code: string, path: readonly PathSegment[], message: string): ConfigProblem {
    const { line, column } = positionOf(this.#root, path)
    return { code, path: formatPath(path), line, column, message }
  }
}
