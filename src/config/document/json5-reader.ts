import JSON5 from 'json5'
import type { ArrayNode, MemberNode, ObjectNode, ScalarNode, Token, ValueNode } from './json5-tree.ts'

/** Deeper than any config; each level is a call. */
export const MAX_DEPTH = 500

/** White space is that of JavaScript: https://spec.json5.org/#white-space. */
const RARE_BLANKS = /\s*/y
const COMMENT = /\/\/[^\n\r\u2028\u2029]*|\/\*[^]*?\*\//y
const STRING = /'[^'\\]*(?:\\[^][^'\\]*)*'|"[^"\\]*(?:\\[^][^"\\]*)*"/y
const PLAIN_NAME = /[A-Za-z_$][\w$]*/y
/** Everything up to what must follow a name or a scalar. */
const WORD = /[^\s,:[\]{}'"/]+/y
const [TAB, CARRIAGE_RETURN, SPACE, BACKSLASH, LAST_ASCII] = [0x09, 0x0d, 0x20, 0x5c, 0x7e] as const
const PLAIN_INTEGER = /^(?:0|[1-9]\d{0,14})$/

export interface Json5Tree {
  root: ValueNode
  /** In their order. */
  tokens: readonly Token[]
}

/** What is read is not JSON5, or is nested too deeply. */
export class UnreadableError extends Error {
  readonly isTooDeep: boolean

  constructor(isTooDeep = false) {
    super('the text cannot be read')
    this.isTooDeep = isTooDeep
  }
}

/**
 * Reads JSON5 in one pass: its values, and the place of each of them. The rare forms of names, texts and numbers are left to `json5`,
 * which decides what they are worth. Throws `UnreadableError`; where and why, `json5` says. https://spec.json5.org
 */
export function readJson5(text: string): Json5Tree {
  return new Json5Reader(text).read()
}

/** Where the value ends that the text begins with, blanks and comments before it included; `null` where it begins with none. */
export function json5ValueEnd(text: string): number | null {
  try {
    return new Json5Reader(text).valueEnd()
  } catch (error) {
    if (error instanceof UnreadableError) return null
    throw error
  }
}

class Json5Reader {
  readonly #text: string
  readonly #tokens: Token[] = []
  #at = 0
  #depth = 0

  constructor(text: string) {
    this.#text = text
  }

  read(): Json5Tree {
    this.#skip()
    const root = this.#value()
    this.#skip()
    if (this.#at < this.#text.length) throw new UnreadableError()
    return { root, tokens: this.#tokens }
  }

  valueEnd(): number {
    this.#skip()
    this.#value()
    return this.#at
  }

  #value(): ValueNode {
    const first = this.#text[this.#at]
    if (first === '{') return this.#nested(() => this.#object())
    if (first === '[') return this.#nested(() => this.#array())
    return this.#scalar(first)
  }

  #nested<Node>(read: () => Node): Node {
    this.#depth += 1
    if (this.#depth > MAX_DEPTH) throw new UnreadableError(true)
    const node = read()
    this.#depth -= 1
    return node
  }

  #object(): ObjectNode {
    const start = this.#at
    const value: Record<string, unknown> = {}
    const members: MemberNode[] = []
    this.#items('}', () => {
      const member = this.#member()
      members.push(member)
      setOwn(value, member.name, member.value.value)
    })
    return { type: 'object', range: [start, this.#at], value, members }
  }

  #array(): ArrayNode {
    const start = this.#at
    const value: unknown[] = []
    const elements: ValueNode[] = []
    this.#items(']', () => {
      const element = this.#value()
      elements.push(element)
      value.push(element.value)
    })
    return { type: 'array', range: [start, this.#at], value, elements }
  }

  /** Everything from the opening to the closing bracket; a comma may follow the last item. */
  #items(close: string, readItem: () => void): void {
    this.#sign('open')
    for (;;) {
      this.#skip()
      if (this.#text[this.#at] === close) break
      readItem()
      this.#skip()
      if (this.#text[this.#at] !== ',') break
      this.#sign('comma')
    }
    if (this.#text[this.#at] !== close) throw new UnreadableError()
    this.#sign('close')
  }

  #member(): MemberNode {
    const nameStart = this.#at
    const name = this.#name()
    this.#skip()
    if (this.#text[this.#at] !== ':') throw new UnreadableError()
    this.#sign('colon')
    this.#skip()
    const value = this.#value()
    return { range: [nameStart, this.#at], name, nameStart, value }
  }

  #name(): string {
    const first = this.#text[this.#at]
    if (first === '"' || first === "'") return this.#string()
    const start = this.#at
    const word = this.#match(WORD)
    if (word === null) throw new UnreadableError()
    this.#tokens.push({ kind: 'name', range: [start, this.#at] })
    PLAIN_NAME.lastIndex = 0
    if (PLAIN_NAME.exec(word)?.[0] === word) return word
    // Letters of other scripts, or escapes.
    const [name] = Object.keys(judge<object>(`{${word}:0}`))
    if (name === undefined) throw new UnreadableError()
    return name
  }

  #scalar(first: string | undefined): ScalarNode {
    const start = this.#at
    if (first === '"' || first === "'") {
      const value = this.#string()
      return { type: 'scalar', range: [start, this.#at], value }
    }
    const word = this.#match(WORD)
    if (word === null) throw new UnreadableError()
    this.#tokens.push({ kind: 'scalar', range: [start, this.#at] })
    return { type: 'scalar', range: [start, this.#at], value: scalarOf(word) }
  }

  #string(): string {
    const start = this.#at
    const end = this.#plainStringEnd()
    let value: string
    if (end === null) value = judge<string>(this.#match(STRING) ?? '')
    else {
      value = this.#text.slice(start + 1, end)
      this.#at = end + 1
    }
    this.#tokens.push({ kind: 'string', range: [start, this.#at] })
    return value
  }

  /** The offset of the closing quote of a plain text: ASCII without escapes and line breaks; `null` for another. */
  #plainStringEnd(): number | null {
    const quote = this.#text.charCodeAt(this.#at)
    for (let at = this.#at + 1; at < this.#text.length; at += 1) {
      const code = this.#text.charCodeAt(at)
      if (code === quote) return at
      if (code === BACKSLASH || code < SPACE || code > LAST_ASCII) return null
    }
    return null
  }

  /** One character. */
  #sign(kind: Token['kind']): void {
    this.#tokens.push({ kind, range: [this.#at, this.#at + 1] })
    this.#at += 1
  }

  /** White space and comments. */
  #skip(): void {
    for (;;) {
      while (isPlainBlank(this.#text.charCodeAt(this.#at))) this.#at += 1
      if (this.#text.charCodeAt(this.#at) > LAST_ASCII) this.#match(RARE_BLANKS)
      const start = this.#at
      if (this.#text[start] !== '/') return
      if (this.#match(COMMENT) === null) throw new UnreadableError()
      this.#tokens.push({ kind: 'comment', range: [start, this.#at] })
    }
  }

  /** Reads what matches here; `null` for nothing. */
  #match(pattern: RegExp): string | null {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#text)?.[0]
    if (found === undefined) return null
    this.#at += found.length
    return found
  }
}

function isPlainBlank(code: number): boolean {
  return code === SPACE || (code >= TAB && code <= CARRIAGE_RETURN)
}

function scalarOf(word: string): ScalarNode['value'] {
  if (word === 'true') return true
  if (word === 'false') return false
  if (word === 'null') return null
  return PLAIN_INTEGER.test(word) ? Number(word) : judge<number>(word)
}

/** What `json5` makes of a small text that it alone may interpret. */
function judge<Value>(text: string): Value {
  try {
    return JSON5.parse<Value>(text)
  } catch {
    throw new UnreadableError()
  }
}

/** As `json5` does: a name such as `__proto__` is one like any other. */
function setOwn(target: Record<string, unknown>, name: string, value: unknown): void {
  if (name === '__proto__')
    Object.defineProperty(target, name, { value, writable: true, enumerable: true, configurable: true })
  else target[name] = value
}
