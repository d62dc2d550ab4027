import type { ValueNode } from '@humanwhocodes/momoa'
import { containerOf, insertItems } from './container-edit.ts'
import { memberIndex, nodeAt, type ParsedConfig, parseConfig } from './parse.ts'
import { rangeOf } from './range-of.ts'
import { removeItems } from './remove-items.ts'
import { renderKey, renderLines, renderValue } from './render-value.ts'
import { splitBom } from './split-bom.ts'
import { indentOf, splice } from './text-lines.ts'
import { styleOf, type TextStyle } from './text-style.ts'

/**
 * The JSON5 text with `value` (a JSON value) at `path`: what stands there is replaced, else the key is added at the end
 * of its object, with the objects on the way that are missing. Every other byte stays. Throws where something else than an
 * object is in the way.
 */
export function setValue(text: string, path: readonly string[], value: unknown): string {
  const [bom, body] = splitBom(text)
  return bom + setIn(parseConfig(body), path, value)
}

/** The text without the key at `path`, with its comma and its line. The same text where there is no such key. */
export function removeKey(text: string, path: readonly string[]): string {
  const [bom, body] = splitBom(text)
  const { root, tokens } = parseConfig(body)
  const holder = nodeAt(root, path.slice(0, -1))
  const index = holder?.type === 'Object' ? memberIndex(holder, path.at(-1) ?? '') : -1
  if (holder?.type !== 'Object' || index === -1) return text
  return bom + removeItems(containerOf(body, tokens, holder), [index])
}

function setIn(parsed: ParsedConfig, path: readonly string[], value: unknown): string {
  const { text, root, tokens } = parsed
  const style = styleOf(parsed)
  for (let depth = path.length; depth >= 0; depth -= 1) {
    const node = nodeAt(root, path.slice(0, depth))
    const [key, ...rest] = path.slice(depth)
    if (node === null) continue
    if (key === undefined || node.type === 'Null') {
      const place = rangeOf(node)
      const written = nested(
        path.slice(depth),
        value,
        quotedLike(text, node, style),
        indentOf(text, place[0]),
      )
      return splice(text, ...place, written)
    }
    if (node.type !== 'Object') break
    const first = node.members[0]
    const indent =
      first === undefined
        ? indentOf(text, rangeOf(node)[0]) + style.indent
        : indentOf(text, rangeOf(first)[0])
    const member = `${renderKey(key, style)}: ${nested(rest, value, style, indent)}`
    return insertItems(containerOf(text, tokens, node), [member], style)
  }
  throw new Error('a value stands where an object is needed')
}

/** A text that is replaced keeps its quotes. */
function quotedLike(text: string, node: ValueNode, style: TextStyle): TextStyle {
  if (node.type !== 'String') return style
  return { ...style, quote: text[rangeOf(node)[0]] === "'" ? "'" : '"' }
}

/** The value inside new objects, one for each key of `path`. */
function nested(path: readonly string[], value: unknown, style: TextStyle, indent: string): string {
  const [key, ...rest] = path
  if (key === undefined) return renderValue(value, style, indent)
  const member = `${renderKey(key, style)}: ${nested(rest, value, style, indent + style.indent)}`
  return style.multiline ? renderLines([member], style, indent) : `{ ${member} }`
}
