import { parse, type MemberNode, type ObjectNode, type ValueNode } from '@humanwhocodes/momoa'
import json5 from 'json5'

/**
 * The JSON5 text with `value` at the path, everything else byte for byte as it was. Objects on the way that are missing
 * are created, first in their parent. Throws when the text is no JSON5 object, or something else is in the way.
 */
export function setJson5Value(text: string, path: readonly string[], value: unknown): string {
  let object = asObject(parse(text, { mode: 'json5', ranges: true }).body)
  for (const [depth, name] of path.entries()) {
    const member = object.members.find((candidate) => memberName(candidate) === name)
    const rest = path.slice(depth + 1)
    if (member === undefined) return insertFirst(text, object, name, nested(rest, value))
    if (rest.length === 0 || member.value.type === 'Null') {
      const [start, end] = rangeOf(member.value)
      return text.slice(0, start) + render(nested(rest, value), indentAt(text, start)) + text.slice(end)
    }
    object = asObject(member.value)
  }
  throw new Error('the path is empty')
}

function insertFirst(text: string, object: ObjectNode, name: string, value: unknown): string {
  const afterBrace = rangeOf(object)[0] + 1
  const outer = indentAt(text, afterBrace)
  const indent = `${outer}  `
  const isLineEnd = /^[ \t]*\r?\n/.test(text.slice(afterBrace))
  const following = isLineEnd ? '' : `\n${object.members.length === 0 ? outer : indent}`
  const member = `${json5.stringify({ [name]: null }).slice(1, -'null}'.length)} ${render(value, indent)}`
  return `${text.slice(0, afterBrace)}\n${indent}${member},${following}${text.slice(afterBrace)}`
}

/** Over several lines where it is an object, so that a person can edit it. */
function render(value: unknown, indent: string): string {
  return json5.stringify(value, { space: 2, quote: "'" }).replaceAll('\n', `\n${indent}`)
}

function indentAt(text: string, offset: number): string {
  return /^[ \t]*/.exec(text.slice(text.lastIndexOf('\n', offset - 1) + 1))?.[0] ?? ''
}

function nested(path: readonly string[], value: unknown): unknown {
  return path.reduceRight((inner, name) => ({ [name]: inner }), value)
}

function memberName(member: MemberNode): string {
  return member.name.type === 'Identifier' ? member.name.name : member.name.value
}

function asObject(node: ValueNode): ObjectNode {
  if (node.type !== 'Object') throw new Error(`expected an object, found ${node.type}`)
  return node
}

function rangeOf(node: ValueNode): readonly [start: number, end: number] {
  if (node.range === undefined) throw new Error('parsed without ranges')
  return node.range
}
