import JSON5 from 'json5'
import type { ConfigProblem } from '../../protocol/config/config-problem.ts'
import type { Composition } from '../include/composition.ts'
import type { ConfigText } from '../include/config-text.ts'
import { ConfigError } from '../problems/config-error.ts'
import type { ProblemCode } from '../problems/problem-codes.ts'
import { firstIndex } from '../../text/first-index.ts'
import { type Json5Tree, MAX_DEPTH, readJson5, UnreadableError } from './json5-reader.ts'
import {
  elementAt,
  memberOf,
  nodeAt,
  type ObjectNode,
  type PathSegment,
  type Token,
  type ValueNode,
} from './json5-tree.ts'
import { isOurs } from './our-sections.ts'

const MAX_FILE_CHARACTERS = 1_048_576
const BYTE_ORDER_MARK = '\uFEFF'
/** From 1. */
export interface SourcePosition {
  line: number
  column: number
  /** The included file that they count in, relative to the directory of the config file; absent for the config file itself. */
  file?: string
}

/** Of a text that was put together from several files. */
export interface TextOrigin {
  config: ConfigText
  composition: Composition
  /** The place in its file of the character at `offset`. */
  place(offset: number): SourcePosition
}

/**
 * The text of a config file with its values and the place of each of them. Immutable: an edit makes another document. The text is
 * read once, when something is first asked of it.
 */
export class ConfigDocument {
  /** As in the file. */
  readonly text: string
  /** The text without a byte order mark: all ranges count from its beginning. */
  readonly body: string
  /** `null` for the text of a single file. */
  readonly origin: TextOrigin | null
  /** Matches the comments around the parts of several files in a text that is being edited, each with `begin` or `end` as its first group. */
  readonly marks: RegExp | null
  #content: { root: ObjectNode; tokens: readonly Token[] } | null = null
  #lineStarts: readonly number[] | null = null

  constructor(text: string, origin: TextOrigin | null = null, marks: RegExp | null = null) {
    this.text = text
    this.origin = origin
    this.marks = marks
    this.body = text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text
  }

  /**
   * Reads this text. Throws `ConfigError` with line and column for what is not JSON5, for a key that is twice in
   * one object of our sections (JSON5 itself would silently take the last), and for a file that is no object. An empty file is one
   * that is being written or was lost, not a wish to allow nobody.
   */
  static read(text: string): ConfigDocument {
    const document = new ConfigDocument(text)
    document.#read()
    return document
  }

  /** Throws as `read`, like `tokens`. */
  get root(): ObjectNode {
    return this.#read().root
  }

  /** Comments and commas included, in their order. */
  get tokens(): readonly Token[] {
    return this.#read().tokens
  }

  get value(): Readonly<Record<string, unknown>> {
    return this.root.value
  }

  /** The files that it stands for. */
  get files(): ConfigText {
    return this.origin?.config ?? { text: this.text }
  }

  nodeAt(path: readonly PathSegment[]): ValueNode | null {
    return nodeAt(this.root, path)
  }

  /** The document with another body; this one where nothing changes. */
  withBody(body: string): ConfigDocument {
    if (body === this.body) return this
    const lead = this.text.slice(0, this.text.length - this.body.length)
    return new ConfigDocument(lead + body, null, this.marks)
  }

  /** Where the value at `path` begins, or the nearest one around it that exists. */
  positionOf(path: readonly PathSegment[]): SourcePosition {
    for (let length = path.length; length > 0; length -= 1) {
      const parent = this.nodeAt(path.slice(0, length - 1))
      const last = path[length - 1]
      const node = typeof last === 'number' ? elementAt(parent, last) : memberOf(parent, last ?? '')?.value
      if (node !== undefined) return this.#positionAt(node.range[0])
    }
    return this.#positionAt(this.root.range[0])
  }

  /** Where the key begins that `path` ends with. */
  positionOfKey(path: readonly PathSegment[]): SourcePosition {
    const name = path.at(-1)
    const member = typeof name === 'string' ? memberOf(this.nodeAt(path.slice(0, -1)), name) : undefined
    return member === undefined ? this.positionOf(path) : this.#positionAt(member.nameStart)
  }

  #read(): { root: ObjectNode; tokens: readonly Token[] } {
    this.#content ??= this.#parse()
    return this.#content
  }

  #parse(): { root: ObjectNode; tokens: readonly Token[] } {
    const { body } = this
    if (body.length > MAX_FILE_CHARACTERS) throw failure('too_large', 'The file is larger than 1 MiB.')
    const nul = body.indexOf('\0')
    if (nul !== -1)
      throw failure(
        'syntax',
        'The file holds a NUL character; it was not written whole.',
        this.#positionAt(nul),
      )
    if (body.trim() === '') throw failure('empty', 'The file is empty; the least is { }.')
    const { root, tokens } = this.#tree()
    if (root.type !== 'object')
      throw failure('wrong_type', 'The file must hold one object: { … }.', this.#positionAt(root.range[0]))
    const [duplicate, ...others] = this.#duplicates(root, [])
    if (duplicate !== undefined) throw new ConfigError([duplicate, ...others])
    return { root, tokens }
  }

  #tree(): Json5Tree {
    try {
      return readJson5(this.body)
    } catch (error) {
      if (!(error instanceof UnreadableError)) throw error
      if (error.isTooDeep)
        throw failure('syntax', `The file is nested more than ${MAX_DEPTH} levels deep.`, {
          line: 1,
          column: 1,
        })
      throw syntaxError(this.body)
    }
  }

  #duplicates(node: ValueNode, path: readonly PathSegment[]): ConfigProblem[] {
    if (node.type === 'array')
      return node.elements.flatMap((element, index) =>
        element.type === 'scalar' ? [] : this.#duplicates(element, [...path, index]),
      )
    if (node.type !== 'object') return []
    const seen = new Set<string>()
    return node.members.flatMap(({ name, nameStart, value }) => {
      const inner = [...path, name]
      if (!isOurs(inner)) return []
      const found = this.#duplicates(value, inner)
      if (!seen.has(name)) {
        seen.add(name)
        return found
      }
      const message = `The key "${name}" is here a second time; keep one of the two.`
      const place = this.#positionAt(nameStart)
      return [{ code: 'duplicate_key', path: formatPath(inner), ...place, message }, ...found]
    })
  }

  #positionAt(offset: number): SourcePosition {
    if (this.origin !== null) return this.origin.place(offset)
    this.#lineStarts ??= [0, ...[...this.body.matchAll(/\n/g)].map(({ index }) => index + 1)]
    const starts = this.#lineStarts
    const line = firstIndex(starts.length, (index) => (starts[index] ?? 0) > offset)
    return { line, column: offset - (starts[line - 1] ?? 0) + 1 }
  }
}

/** `channels.whatsapp.allowFrom[1]`. */
export function formatPath(path: readonly PathSegment[]): string {
  return path.reduce<string>((text, segment) => {
    if (typeof segment === 'number') return `${text}[${segment}]`
    return text === '' ? segment : `${text}.${segment}`
  }, '')
}

/** What `json5` says of a text that is not JSON5: it tells the place in its `SyntaxError`. https://json5.org */
function syntaxError(text: string): ConfigError {
  try {
    JSON5.parse(text)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    const { message, lineNumber, columnNumber } = error as SyntaxError & {
      lineNumber?: number
      columnNumber?: number
    }
    // A line break in a wrong place is reported as column 0 of the next line.
    const place =
      lineNumber === undefined ? undefined : { line: lineNumber, column: Math.max(1, columnNumber ?? 1) }
    const plain = message.replace(/^JSON5: /, '').replace(/ at \d+:\d+$/, '')
    return failure('syntax', `Not valid JSON5: ${plain}.`, place)
  }
  return ConfigError.internal(new Error('two readers of JSON5 disagree about this text'))
}

function failure(code: ProblemCode, message: string, place?: SourcePosition): ConfigError {
  return new ConfigError([
    { code, path: '', line: place?.line ?? null, column: place?.column ?? null, message },
  ])
}
