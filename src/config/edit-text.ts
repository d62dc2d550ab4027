import { insertItem, rangeOf } from './container-edit.ts'
import { nodeAt, parseConfig } from './parse.ts'
import { splitBom } from './split-bom.ts'
import { indentOf, newlineOf, splice } from './text-lines.ts'

const INDENT = '  '
const PLAIN_KEY = /^[A-Za-z_$][\w$]*$/

/** Puts `value` (JSON5 text) at `path`, replacing what stands there or adding the key and its parents. */
export function setValue(text: string, path: readonly string[], value: string): string {
  const [bom, body] = splitBom(text)
  const { root, tokens } = parseConfig(body)
  const present = nodeAt(root, path)
  if (present !== null) return bom + splice(body, ...rangeOf(present), value)
  for (let depth = path.length - 1; depth >= 0; depth -= 1) {
    const node = nodeAt(root, path.slice(0, depth))
    const key = path[depth]
    if (node === null || key === undefined) continue
    if (node.type !== 'Object') break
    const first = node.members[0]
    const indent =
      first === undefined ? `${indentOf(body, rangeOf(node)[0])}${INDENT}` : indentOf(body, rangeOf(first)[0])
    const rest = path.slice(depth + 1)
    const inner = rest.length === 0 ? value : nested(rest, value, indent, newlineOf(body))
    return bom + insertItem({ text: body, tokens, node }, `${writtenKey(key, body)}: ${inner}`)
  }
  throw new Error('a value stands where an object is needed')
}

/** In quotes where it needs them, and where the file writes all its keys so. */
function writtenKey(key: string, text: string): string {
  const quotesKeys = /["'][\w-]+["']\s*:/.test(text) && !/[{,]\s*[A-Za-z_$][\w$]*\s*:/.test(text)
  return quotesKeys || !PLAIN_KEY.test(key) ? JSON.stringify(key) : key
}

function nested(path: readonly string[], value: string, indent: string, newline: string): string {
  const [key, ...rest] = path
  if (key === undefined) return value
  const inner = nested(rest, value, indent + INDENT, newline)
  const name = PLAIN_KEY.test(key) ? key : JSON.stringify(key)
  return `{${newline}${indent}${INDENT}${name}: ${inner},${newline}${indent}}`
}
