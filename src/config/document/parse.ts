import {
  type DocumentNode,
  type MemberNode,
  type ObjectNode,
  parse as parseTree,
  type Token,
  type ValueNode,
} from '@humanwhocodes/momoa'
import JSON5 from 'json5'
import type { ConfigProblem } from '../../protocol/config-problem.ts'
import { ConfigError } from '../problems/config-error.ts'
import { isRecord } from '../../protocol/is-record.ts'
import type { ProblemCode } from '../problems/problem-codes.ts'
import { splitBom } from './split-bom.ts'

const MAX_FILE_CHARACTERS = 1_048_576

export type PathSegment = string | number

/** From 1. */
export interface Place {
  line: number
  column: number
}

/** A parsed file: its values, and where each of them stands. */
export interface ParsedConfig {
  text: string
  value: Record<string, unknown>
  /** The root object's node. */
  root: ObjectNode
  /** Comments and commas included, in their order. */
  tokens: readonly Token[]
}

/** The text that was read last: an edit and what follows it read the same one several times. Nobody changes what is in it. */
let latest: ParsedConfig | null = null

/**
 * Reads JSON5. Throws `ConfigError` with line and column for bad syntax, for a key that stands twice in one object
 * (JSON5 itself would silently take the last), and for a file that is no object. A file that holds nothing is being written,
 * or was lost: it is no wish to let nobody in.
 */
export function parseConfig(raw: string): ParsedConfig {
  const [, text] = splitBom(raw)
  if (latest?.text === text) return latest
  try {
    latest = parseText(text)
    return latest
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw failure('syntax', 'The file is nested too deeply.', { line: 1, column: 1 })
  }
}

function parseText(text: string): ParsedConfig {
  if (text.length > MAX_FILE_CHARACTERS) throw failure('too_large', 'The file is larger than 1 MiB.')
  const nul = text.indexOf('\0')
  if (nul !== -1)
    throw failure(
      'syntax',
      'The file holds a NUL character; it was not written whole.',
      positionAt(text, nul),
    )
  if (text.trim() === '') throw failure('empty', 'The file is empty; the least is { }.')
  const value = readValue(text)
  const { body, tokens } = readTree(text)
  if (body.type !== 'Object' || !isRecord(value)) {
    throw failure('wrong_type', 'The file must hold one object: { … }.', startOf(body))
  }
  const [duplicate, ...others] = findDuplicates(body, [])
  if (duplicate !== undefined) throw new ConfigError([duplicate, ...others])
  return { text, value, root: body, tokens: tokens ?? [] }
}

/** The node at `path`, or `null`. */
export function nodeAt(root: ValueNode, path: readonly PathSegment[]): ValueNode | null {
  let node: ValueNode = root
  for (const segment of path) {
    const next: ValueNode | undefined =
      typeof segment === 'number'
        ? node.type === 'Array'
          ? node.elements[segment]?.value
          : undefined
        : node.type === 'Object'
          ? memberOf(node, segment)?.value
          : undefined
    if (next === undefined) return null
    node = next
  }
  return node
}

/** The names of an object's members, in their order. */
export function memberNames(node: ObjectNode): string[] {
  return node.members.map(nameOfMember)
}

/** The index of the member called `name`, or -1. */
export function memberIndex(node: ObjectNode, name: string): number {
  return node.members.findIndex((member) => nameOfMember(member) === name)
}

/** The member called `name`. */
function memberOf(node: ObjectNode, name: string): MemberNode | undefined {
  return node.members.find((member) => nameOfMember(member) === name)
}

export function nameOfMember({ name }: MemberNode): string {
  return name.type === 'Identifier' ? name.name : name.value
}

/** Line and column (from 1) of `path`, or of the nearest place around it that exists. */
export function positionOf(root: ObjectNode, path: readonly PathSegment[]): Place {
  for (let length = path.length; length > 0; length -= 1) {
    const parent = nodeAt(root, path.slice(0, length - 1))
    const last = path[length - 1]
    if (parent?.type === 'Object' && typeof last === 'string') {
      const member = memberOf(parent, last)
      if (member !== undefined) return startOf(member.value)
    }
    if (parent?.type === 'Array' && typeof last === 'number') {
      const element = parent.elements[last]
      if (element !== undefined) return startOf(element)
    }
  }
  return startOf(root)
}

/** Line and column of the key that `path` ends with. */
export function positionOfKey(root: ObjectNode, path: readonly PathSegment[]): Place {
  const parent = nodeAt(root, path.slice(0, -1))
  const name = path.at(-1)
  const member = parent?.type === 'Object' && typeof name === 'string' ? memberOf(parent, name) : undefined
  return member === undefined ? positionOf(root, path) : startOf(member.name)
}

/** `channels.whatsapp.allowFrom[1]`. */
export function formatPath(path: readonly PathSegment[]): string {
  return path.reduce<string>((text, segment) => {
    if (typeof segment === 'number') return `${text}[${segment}]`
    return text === '' ? segment : `${text}.${segment}`
  }, '')
}

function readValue(text: string): unknown {
  try {
    return JSON5.parse<unknown>(text)
  } catch (error) {
    // JSON5 adds the place to its SyntaxError: https://json5.org.
    if (!(error instanceof SyntaxError)) throw error
    const { message, lineNumber, columnNumber } = error as SyntaxError & {
      lineNumber?: number
      columnNumber?: number
    }
    // A line break that may not stand where it does is told as column 0 of the next line.
    const place =
      lineNumber === undefined ? undefined : { line: lineNumber, column: Math.max(1, columnNumber ?? 1) }
    const plain = message.replace(/^JSON5: /, '').replace(/ at \d+:\d+$/, '')
    throw failure('syntax', `Not valid JSON5: ${plain}.`, place)
  }
}

function readTree(text: string): DocumentNode {
  try {
    return parseTree(text, {
      mode: 'json5',
      ranges: true,
      tokens: true,
      allowTrailingCommas: true,
    })
  } catch (error) {
    if (error instanceof RangeError) throw error
    const { message, line, column } = error as { message: string; line?: number; column?: number }
    throw failure(
      'syntax',
      `Not valid JSON5: ${message}`,
      line === undefined ? undefined : { line, column: column ?? 1 },
    )
  }
}

/** The sections that are ours; what stands in others is nobody's business here. */
const SECTIONS = [['channels', 'whatsapp'], ['connectors', 'whatsapp'], ['whatsappd']] as const

function findDuplicates(node: ValueNode, path: readonly PathSegment[]): ConfigProblem[] {
  if (node.type === 'Array') {
    return node.elements.flatMap(({ value }, index) => findDuplicates(value, [...path, index]))
  }
  if (node.type !== 'Object') return []
  const seen = new Set<string>()
  return node.members.flatMap((member) => {
    const name = nameOfMember(member)
    const inner = [...path, name]
    if (!isOurs(inner)) return []
    const found = findDuplicates(member.value, inner)
    if (!seen.has(name)) {
      seen.add(name)
      return found
    }
    const message = `The key "${name}" stands here a second time; keep one of the two.`
    return [{ code: 'duplicate_key', path: formatPath(inner), ...startOf(member.name), message }, ...found]
  })
}

/** Whether `path` leads to one of our sections or lies in it. */
function isOurs(path: readonly PathSegment[]): boolean {
  return SECTIONS.some((section) =>
    section.every((name, index) => index >= path.length || path[index] === name),
  )
}

function startOf({ loc }: Pick<ValueNode, 'loc'>): Place {
  return { line: loc.start.line, column: loc.start.column }
}

function positionAt(text: string, offset: number): Place {
  const before = text.slice(0, offset)
  const line = before.split('\n').length
  return { line, column: offset - before.lastIndexOf('\n') }
}

function failure(code: ProblemCode, message: string, place?: Place): ConfigError {
  return new ConfigError([
    { code, path: '', line: place?.line ?? null, column: place?.column ?? null, message },
  ])
}
