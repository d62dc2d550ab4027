import type { ArrayNode } from '@humanwhocodes/momoa'
import { normalizePhoneNumber } from '../access/phone-number.ts'
import { indentOf, insertItem, newlineOf, rangeOf, removeItem, splice } from './container-edit.ts'
import { nodeAt, parseConfig, type ParsedConfig } from './parse.ts'

const INDENT = '  '

/** Puts `value` (JSON5 text) at `path`, replacing what stands there or adding the key and its parents. */
export function setValue(text: string, path: readonly string[], value: string): string {
  const [bom, body] = splitBom(text)
  if (body.trim() === '') return `${bom}${nested(path, value, '', '\n')}\n`
  const { root } = parseConfig(body)
  const present = nodeAt(root, path)
  if (present !== null) return bom + splice(body, ...rangeOf(present), value)
  for (let depth = path.length - 1; depth >= 0; depth -= 1) {
    const parent = nodeAt(root, path.slice(0, depth))
    const key = path[depth]
    if (parent === null || key === undefined) continue
    if (parent.type !== 'Object') break
    const first = parent.members[0]
    const indent =
      first === undefined
        ? `${indentOf(body, rangeOf(parent)[0])}${INDENT}`
        : indentOf(body, rangeOf(first)[0])
    const rest = path.slice(depth + 1)
    const inner = rest.length === 0 ? value : nested(rest, value, indent, newlineOf(body))
    return bom + insertItem(body, parent, `${quoteKey(key, body)}: ${inner}`)
  }
  throw new Error('a value stands where an object is needed')
}

/**
 * Makes the list at `path` hold exactly `numbers` (E.164). Entries that stay are not touched, whatever their notation;
 * so are comments, quotes, order and commas.
 */
export function setNumbers(text: string, path: readonly string[], numbers: readonly string[]): string {
  let edited = text
  const wanted = new Set(numbers)
  const list = (): { parsed: ParsedConfig; array: ArrayNode } | null => {
    const parsed = parseConfig(edited)
    const array = nodeAt(parsed.root, path)
    return array?.type === 'Array' ? { parsed, array } : null
  }
  if (list() === null) {
    const quote = quoteOf(text)
    return setValue(text, path, `[${numbers.map((number) => `${quote}${number}${quote}`).join(', ')}]`)
  }
  const [bom] = splitBom(text)
  for (;;) {
    const now = list()
    if (now === null) break
    const present = entriesOf(now.array)
    const index = present.findIndex(
      (entry, at) => entry === null || !wanted.has(entry) || present.indexOf(entry) !== at,
    )
    if (index === -1) break
    edited = bom + removeItem(now.parsed.text, now.array, index)
  }
  for (const number of numbers) {
    const now = list()
    if (now === null || entriesOf(now.array).includes(number)) continue
    const quote = quoteOf(now.parsed.text, now.array)
    edited = bom + insertItem(now.parsed.text, now.array, `${quote}${number}${quote}`)
  }
  return edited
}

/** The entries as E.164 or "*"; `null` for what is neither. */
function entriesOf(array: ArrayNode): (string | null)[] {
  return array.elements.map(({ value }) => {
    if (value.type !== 'String' && value.type !== 'Number') return null
    if (value.value === '*') return '*'
    const number = normalizePhoneNumber(value.value)
    return number.ok ? number.e164 : null
  })
}

/** The quotes that the list uses, else those that the file uses more. */
function quoteOf(text: string, array?: ArrayNode): '"' | "'" {
  const last = array?.elements.findLast(({ value }) => value.type === 'String')
  if (last !== undefined) return text[rangeOf(last.value)[0]] === "'" ? "'" : '"'
  return (text.match(/'/g)?.length ?? 0) > (text.match(/"/g)?.length ?? 0) ? "'" : '"'
}

function quoteKey(key: string, text: string): string {
  const quotesKeys = /["'][\w-]+["']\s*:/.test(text) && !/[{,]\s*[A-Za-z_$][\w$]*\s*:/.test(text)
  return quotesKeys || !/^[A-Za-z_$][\w$]*$/.test(key) ? JSON.stringify(key) : key
}

function nested(path: readonly string[], value: string, indent: string, newline: string): string {
  const [key, ...rest] = path
  if (key === undefined) return value
  const inner = nested(rest, value, indent + INDENT, newline)
  const name = /^[A-Za-z_$][\w$]*$/.test(key) ? key : JSON.stringify(key)
  return `{${newline}${indent}${INDENT}${name}: ${inner},${newline}${indent}}`
}

function splitBom(text: string): [bom: string, body: string] {
  return text.startsWith('\uFEFF') ? ['\uFEFF', text.slice(1)] : ['', text]
}
