import type { ConfigDocument } from './config-document.ts'
import { containerOf, insertItems } from './container-edit.ts'
import type { ValueNode } from './json5-tree.ts'
import { renderKey, renderLines, renderValue } from './render-value.ts'
import { indentOf, splice } from './text-lines.ts'
import { styleOf, type TextStyle } from './text-style.ts'

/**
 * The document with `value` (a JSON value) at `path`: a value that is there is replaced, else the key is added at the end
 * of its object, with the objects on the way that are missing. Every other byte stays. Throws where something else than an
 * object is in the way.
 */
export function setValue(document: ConfigDocument, path: readonly string[], value: unknown): ConfigDocument {
  const { body } = document
  for (let depth = path.length; depth >= 0; depth -= 1) {
    const node = document.nodeAt(path.slice(0, depth))
    const [key, ...rest] = path.slice(depth)
    if (node === null) continue
    const style = styleOf(document, node.range[0])
    if (key === undefined || isNull(node)) {
      const [start, end] = node.range
      const indent = indentOf(body, start)
      const written = nested(path.slice(depth), value, quotedLike(body, node, style), indent)
      return document.withBody(splice(body, start, end, written))
    }
    if (node.type !== 'object') break
    const first = node.members[0]
    const indent =
      first === undefined ? indentOf(body, node.range[0]) + style.indent : indentOf(body, first.range[0])
    const member = `${renderKey(key, style)}: ${nested(rest, value, style, indent)}`
    return document.withBody(insertItems(containerOf(document, node), [member], style))
  }
  throw new Error('a value stands where an object is needed')
}

function isNull({ value }: ValueNode): boolean {
  return value === null
}

/** A text that is replaced keeps its quotes. */
function quotedLike(body: string, { range, value }: ValueNode, style: TextStyle): TextStyle {
  if (typeof value !== 'string') return style
  return { ...style, quote: body[range[0]] === "'" ? "'" : '"' }
}

/** The value inside new objects, one for each key of `path`. */
function nested(path: readonly string[], value: unknown, style: TextStyle, indent: string): string {
  const [key, ...rest] = path
  if (key === undefined) return renderValue(value, style, indent)
  const member = `${renderKey(key, style)}: ${nested(rest, value, style, indent + style.indent)}`
  return style.multiline ? renderLines([member], style, indent) : `{ ${member} }`
}
