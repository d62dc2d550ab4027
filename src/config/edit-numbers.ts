import type { ArrayNode } from '@humanwhocodes/momoa'
import { normalizePhoneNumber } from '../access/phone-number.ts'
import { insertItem, rangeOf, removeItem } from './container-edit.ts'
import { setValue } from './edit-text.ts'
import { nodeAt, parseConfig } from './parse.ts'
import { EVERYBODY } from './read-allow-from.ts'
import { splitBom } from './split-bom.ts'

export interface NumbersEdit {
  kind: 'add' | 'remove' | 'set'
  /** E.164, or "*". */
  numbers: readonly string[]
}

/**
 * The text with the list at `path` edited. Entries that stay are not touched, whatever their notation; so are comments,
 * quotes, order and commas. A list that is missing is created when something is added.
 */
export function editNumbers(text: string, path: readonly string[], { kind, numbers }: NumbersEdit): string {
  const named = new Set(numbers)
  const list = nodeAt(parseConfig(text).root, path)
  if (list?.type !== 'Array') return kind === 'remove' ? text : createList(text, path, [...named])
  const goes = (entry: string): boolean => (kind === 'set' ? !named.has(entry) : named.has(entry))
  const reduced = kind === 'add' ? text : withoutEntries(text, path, goes)
  return kind === 'remove'
    ? reduced
    : [...named].reduce((each, number) => withEntry(each, path, number), reduced)
}

function createList(text: string, path: readonly string[], numbers: readonly string[]): string {
  if (numbers.length === 0) return text
  const quote = quoteOf(text)
  return setValue(text, path, `[${numbers.map((number) => `${quote}${number}${quote}`).join(', ')}]`)
}

/** More entries than these are not taken out one by one, each with a look at the whole file. */
const MANY_ENTRIES = 50

function withoutEntries(text: string, path: readonly string[], goes: (entry: string) => boolean): string {
  let edited = text
  for (;;) {
    const [bom, body] = splitBom(edited)
    const { root, tokens } = parseConfig(body)
    const node = nodeAt(root, path)
    if (node?.type !== 'Array') return edited
    const leaves = entriesOf(node).map((entry) => entry !== null && goes(entry))
    const index = leaves.indexOf(true)
    if (index === -1) return edited
    if (leaves.filter(Boolean).length > MANY_ENTRIES) {
      return bom + withOnly(body, node, (at) => leaves[at] === false)
    }
    edited = bom + removeItem({ text: body, tokens, node }, index)
  }
}

/** The list laid out anew with the entries that stay, each as it was written, with the comment at the end of its line. */
function withOnly(text: string, node: ArrayNode, stays: (index: number) => boolean): string {
  const [start, end] = rangeOf(node)
  const newline = text.includes('\r\n') ? '\r\n' : '\n'
  const indent = /[ \t]*/.exec(text.slice(text.lastIndexOf('\n', start - 1) + 1))?.[0] ?? ''
  const kept = node.elements
    .filter((_, index) => stays(index))
    .map(({ value }) => {
      const [from, to] = rangeOf(value)
      const comment = /^[ \t]*,?[ \t]*(\/\/[^\r\n]*)/.exec(text.slice(to))?.[1]
      return `${indent}  ${text.slice(from, to)},${comment === undefined ? '' : ` ${comment}`}`
    })
  const list = kept.length === 0 ? '[]' : ['[', ...kept, `${indent}]`].join(newline)
  return text.slice(0, start) + list + text.slice(end)
}

function withEntry(text: string, path: readonly string[], number: string): string {
  const [bom, body] = splitBom(text)
  const { root, tokens } = parseConfig(body)
  const node = nodeAt(root, path)
  if (node?.type !== 'Array' || entriesOf(node).includes(number)) return text
  const quote = quoteOf(body, node)
  return bom + insertItem({ text: body, tokens, node }, `${quote}${number}${quote}`)
}

/** The entries as E.164 or "*"; `null` for what is neither. */
function entriesOf(list: ArrayNode): (string | null)[] {
  return list.elements.map(({ value }) => {
    if (value.type !== 'String' && value.type !== 'Number') return null
    if (value.value === EVERYBODY) return EVERYBODY
    const number = normalizePhoneNumber(value.value)
    return number.ok ? number.e164 : null
  })
}

/** The quotes that the list uses, else those that the file uses more. */
function quoteOf(text: string, list?: ArrayNode): '"' | "'" {
  const last = list?.elements.findLast(({ value }) => value.type === 'String')
  if (last !== undefined) return text[rangeOf(last.value)[0]] === "'" ? "'" : '"'
  return (text.match(/'/g)?.length ?? 0) > (text.match(/"/g)?.length ?? 0) ? "'" : '"'
}
