import type { ProblemCode } from '../problems/problem-codes.ts'

/** The content of a config file, with that of the files which it includes. */
export interface ConfigText {
  /** Of the config file itself. */
  text: string
  /** Each use of `$include` by a file once; absent where there is none. */
  included?: readonly IncludedFile[]
}

/** What one `$include` of one file leads to. */
export interface IncludedFile {
  /** The file that includes it: the `name` of another one, empty for the config file. */
  from: string
  /** The path as `$include` has it. */
  written: string
  /** For people: relative to the directory of the config file. */
  name: string
  /** Absolute, as it is named: what must be watched, because a link can be led elsewhere. */
  namedPath: string
  /** The same with links followed, as far as it exists: what is read and written. */
  path: string
  content: { text: string } | { failure: IncludeFailure }
}

/** Why a file is not included; `message` is a sentence. */
export interface IncludeFailure {
  code: ProblemCode
  message: string
}

/** The key that stands for the content of other files, as in OpenClaw. */
export const INCLUDE_KEY = '$include'

/** The same for the same content, and for a file that includes nothing its own text. */
export function identityOf({ text, included }: ConfigText): string {
  return included === undefined ? text : JSON.stringify([text, included])
}

/** Characters of all files together. */
export function lengthOf({ text, included = [] }: ConfigText): number {
  return included.reduce(
    (sum, { content }) => sum + ('text' in content ? content.text.length : 0),
    text.length,
  )
}
