import { concealVariables } from '../../observability/conceal-variables.ts'
import type { ConfigProblem } from '../../protocol/config/config-problem.ts'
import { boundedProblem } from './bounded-problem.ts'
import type { NoticeCode, ProblemCode } from './problem-codes.ts'
import { type ConfigDocument, formatPath, type SourcePosition } from '../document/config-document.ts'
import type { PathSegment } from '../document/json5-tree.ts'
import { Expansions } from '../read/expansions.ts'

/** As many as anybody could read; each costs a search for its place. */
const MAX_REPORTED = 1_000
/** The same for single entries; the others are counted. */
const MAX_ENTRIES_REPORTED = 100

/**
 * Collects what is wrong with a file or with single entries of it, and what is worth saying, each with its place; of each the first
 * thousand, of the entries the first hundred.
 */
export class Problems {
  /** The file cannot be used. */
  readonly errors: ConfigProblem[] = []
  /** The file can be used; these entries of lists that allow people count for nobody. The first 100. */
  readonly entries: ConfigProblem[] = []
  readonly notices: ConfigProblem[] = []
  /** Texts of the file that refer to variables: a message has what is written there. */
  readonly expansions: Expansions
  readonly #document: ConfigDocument
  readonly #reported = new Set<string>()
  readonly #badEntries = new Set<string>()

  constructor(document: ConfigDocument, expansions: Expansions = new Expansions({})) {
    this.#document = document
    this.expansions = expansions
  }

  /** What stands in the file for the text `value` at `path`. */
  written(path: readonly PathSegment[], value: string): string {
    return this.expansions.at(path)?.written ?? value
  }

  /** The place is that of the value at `path`, or of the nearest one around it that exists. */
  error(code: ProblemCode, path: readonly PathSegment[], message: string): void {
    this.#add(this.errors, code, path, message, () => this.#document.positionOf(path))
  }

  /** The key itself is wrong, whatever its value. */
  keyError(code: ProblemCode, path: readonly PathSegment[], message: string): void {
    this.#add(this.errors, code, path, message, () => this.#document.positionOfKey(path))
  }

  /** How many entries count for nobody. */
  get badEntryCount(): number {
    return this.#badEntries.size
  }

  /** One entry of a list that allows people is wrong; the rest of the file counts. */
  entry(code: ProblemCode, path: readonly PathSegment[], message: string): void {
    this.#addEntry(code, path, message, () => this.#document.positionOf(path))
  }

  /** The same for a key that names somebody. */
  keyEntry(code: ProblemCode, path: readonly PathSegment[], message: string): void {
    this.#addEntry(code, path, message, () => this.#document.positionOfKey(path))
  }

  notice(code: NoticeCode, path: readonly PathSegment[], message: string): void {
    this.#add(this.notices, code, path, message, () => this.#document.positionOf(path))
  }

  /** The same for a key. */
  keyNotice(code: NoticeCode, path: readonly PathSegment[], message: string): void {
    this.#add(this.notices, code, path, message, () => this.#document.positionOfKey(path))
  }

  /** A key of another tool that has no use here; `advice` says what to use instead. */
  foreign(path: readonly PathSegment[], advice = ''): void {
    const message = `"${path.at(-1)}" belongs to another tool and has no use here. ${advice}`.trim()
    this.notice('foreign_key', path, message)
  }

  /** The root is read for every account; each of its problems is reported once. */
  #add(
    list: ConfigProblem[],
    code: string,
    path: readonly PathSegment[],
    message: string,
    place: () => SourcePosition,
  ): void {
    const formatted = formatPath(path)
    const key = `${code} ${formatted}`
    if (list.length >= MAX_REPORTED || this.#reported.has(key)) return
    this.#reported.add(key)
    list.push(this.#shown({ code, path: formatted, ...place(), message }))
  }

  /** An entry has one problem, the first that was found. */
  #addEntry(
    code: ProblemCode,
    path: readonly PathSegment[],
    message: string,
    place: () => SourcePosition,
  ): void {
    const formatted = formatPath(path)
    if (this.#badEntries.has(formatted)) return
    this.#badEntries.add(formatted)
    if (this.entries.length < MAX_ENTRIES_REPORTED)
      this.entries.push(this.#shown({ code, path: formatted, ...place(), message }))
  }

  #shown(problem: ConfigProblem): ConfigProblem {
    const message = concealVariables(problem.message, Object.fromEntries(this.expansions.variables))
    return boundedProblem({ ...problem, message })
  }
}
