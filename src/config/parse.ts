import {
  type ArrayNode,
  type DocumentNode,
  type MemberNode,
  type ObjectNode,
  parse as parseTree,
  type ValueNode,
} from '@humanwhocodes/momoa'
import JSON5 from 'json5'
import type { ConfigProblem } from '../protocol/events.ts'
import { ConfigError } from './config-error.ts'

const MAX_FILE_CHARACTERS = 1_048_576

export type PathSegment = string | number

/** A parsed file: its values, and where each of them stands. */
export interface ParsedConfig {
  text: string
  value: Record<string, unknown>
  /** The root object's node. */
  root: ObjectNode
}

/**
 * Reads JSON5. Throws `ConfigError` with line and column for bad syntax, for a key that stands twice in one object
 * (JSON5 itself would silently take the last), and for a file that is no object. An empty file is an empty config.
 */
export function parseConfig(raw: string): ParsedConfig {
  const text = raw.startsWith('\uFEFF') ? raw.slice(1) : raw
  if (text.length > MAX_FILE_CHARACTERS) throw failure('too_large', 'The file is larger than 1 MiB.')
  const nul = text.indexOf('\0')
  if (nul !== -1)
    throw failure(
      'syntax',
      'The file holds a NUL character; it was not written whole.',
      positionAt(text, nul),
    )
  const value = readValue(text)
  const { body } = readTree(text)
  if (body.type !== 'Object' || !isRecord(value)) {
    throw failure('wrong_type', 'The file must hold one object: { … }.', body.loc.start)
  }
  const duplicate = findDuplicate(body, [])
  if (duplicate !== null) throw new ConfigError([duplicate])
  return { text, value, root: body }
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

/** The member called `name`. */
export function memberOf(node: ObjectNode, name: string): MemberNode | undefined {
  return node.members.find((member) => nameOf(member) === name)
}

export function nameOf({ name }: MemberNode): string {
  return name.type === 'Identifier' ? name.name : name.value
}

/** Line and column (from 1) of `path`, or of the nearest place around it that exists. */
export function positionOf(root: ObjectNode, path: readonly PathSegment[]): { line: number; column: number } {
  for (let length = path.length; length > 0; length -= 1) {
    const parent = nodeAt(root, path.slice(0, length - 1))
    const last = path[length - 1]
    if (parent?.type === 'Object' && typeof last === 'string') {
      const member = memberOf(parent, last)
      if (member !== undefined) return member.value.loc.start
    }
    if (parent?.type === 'Array' && typeof last === 'number') {
      const element = (parent as ArrayNode).elements[last]
      if (element !== undefined) return element.loc.start
    }
  }
  return root.loc.start
}

/** `channels.whatsapp.allowFrom[1]`. */
export function formatPath(path: readonly PathSegment[]): string {
  return path.reduce<string>((text, segment) => {
    if (typeof segment === 'number') return `${text}[${segment}]`
    return text === '' ? segment : `${text}.${segment}`
  }, '')
}

function readValue(text: string): unknown {
  if (text.trim() === '') return {}
  try {
    return JSON5.parse<unknown>(text)
  } catch (error) {
    // JSON5 adds the place to its SyntaxError: https://json5.org.
    const { message, lineNumber, columnNumber } = error as {
      message: string
      lineNumber?: number
      columnNumber?: number
    }
    const place = lineNumber === undefined ? undefined : { line: lineNumber, column: columnNumber ?? 1 }
    throw failure('syntax', message.replace(/^JSON5: /, 'Not valid JSON5: '), place)
  }
}

function readTree(text: string): DocumentNode {
  try {
    return parseTree(text.trim() === '' ? '{}' : text, {
      mode: 'json5',
      ranges: true,
      allowTrailingCommas: true,
    })
  } catch (error) {
    const { message, line, column } = error as { message: string; line?: number; column?: number }
    throw failure(
      'syntax',
      `Not valid JSON5: ${message}`,
      line === undefined ? undefined : { line, column: column ?? 1 },
    )
  }
}

function findDuplicate(node: ValueNode, path: readonly PathSegment[]): ConfigProblem | null {
  if (node.type === 'Array') {
    for (const [index, element] of node.elements.entries()) {
      const found = findDuplicate(element.value, [...path, index])
      if (found !== null) return found
    }
    return null
  }
  if (node.type !== 'Object') return null
  const seen = new Set<string>()
  for (const member of node.members) {
    const name = nameOf(member)
    const inner = [...path, name]
    if (seen.has(name)) {
      const { line, column } = member.name.loc.start
      const message = `The key "${name}" stands here a second time; keep one of the two.`
      return { code: 'duplicate_key', path: formatPath(inner), line, column, message }
    }
    seen.add(name)
    const found = findDuplicate(member.value, inner)
    if (found !== null) return found
  }
  return null
}

function positionAt(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset)
  const line = before.split('\n').length
  return { line, column: offset - before.lastIndexOf('\n') }
}

function failure(code: string, message: string, place?: { line: number; column: number }): ConfigError {
  return new ConfigError([
    { code, path: '', line: place?.line ?? null, column: place?.column ?? null, message },
  ])
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
