import type { ArrayNode, ObjectNode, Token } from '@humanwhocodes/momoa'
import { indentOf, lineEnd, lineStart, newlineOf, nextLine, splice } from './text-lines.ts'

/** An array or object in the text that it was parsed from. */
export interface Container {
  text: string
  tokens: readonly Token[]
  node: ArrayNode | ObjectNode
}

type Range = readonly [start: number, end: number]

const INDENT = '  '

/** The text with `item` at the end of the container, in the style of what stands there. Nothing else changes. */
export function insertItem(container: Container, item: string): string {
  const { text } = container
  const items = itemRanges(container)
  const last = items.at(-1)
  if (last === undefined) return insertFirst(container, item)
  const comma = commaAfter(container, items.length - 1)
  if (previousToken(container, last[0])[1] > lineStart(text, last[0])) {
    return comma === null
      ? splice(text, last[1], last[1], `, ${item}`)
      : splice(text, comma[1], comma[1], ` ${item},`)
  }
  const anchor = comma ?? last
  const line = `${newlineOf(text, anchor[1])}${indentOf(text, last[0])}${item}`
  const end = lineEndAfterComments(container, anchor[1])
  // The closing bracket is on the line of the last item.
  const at = end > closeOf(container) ? anchor[1] : end
  if (comma !== null) return splice(text, at, at, `${line},`)
  return splice(splice(text, at, at, line), last[1], last[1], ',')
}

/** The text without the item at `index`: with its comma, its line where it has one for itself, and what is said there. */
export function removeItem(container: Container, index: number): string {
  const item = itemRanges(container)[index]
  if (item === undefined) return container.text
  const comma = commaAfter(container, index)
  const before = index === 0 ? null : commaAfter(container, index - 1)
  if (!hasLinesOfItsOwn(container, item, comma)) return removeInline(container, item, comma, before)
  const { text } = container
  const cut = splice(text, lineStart(text, item[0]), nextLine(text, (comma ?? item)[1]), '')
  // It was the last and had no comma after it: neither shall the one that is last now.
  return comma !== null || before === null ? cut : splice(cut, ...before, '')
}

function insertFirst(container: Container, item: string): string {
  const { text, node } = container
  const [open, close] = [rangeOf(node)[0] + 1, closeOf(container)]
  const inner = text.slice(open, close)
  if (inner.trim() === '' && !inner.includes('\n')) {
    const pad = inner === '' ? '' : ' '
    return splice(text, open, close, `${pad}${item}${pad}`)
  }
  if (!inner.includes('\n')) return splice(text, open, open, ` ${item},`)
  // Comments inside stay where they are, before the new item.
  const end = close - (/[ \t]*$/.exec(inner)?.[0].length ?? 0)
  return splice(text, end, end, `${indentOf(text, close)}${INDENT}${item},${newlineOf(text, open)}`)
}

function removeInline(container: Container, item: Range, comma: Range | null, before: Range | null): string {
  const { text } = container
  const isBlank = (start: number, end: number): boolean => /^[ \t]*$/.test(text.slice(start, end))
  const isSpace = (start: number, end: number): boolean => text.slice(start, end).trim() === ''
  if (comma === null) {
    if (before === null) return splice(text, item[0], blanksEnd(text, item[1]), '')
    if (isSpace(before[1], item[0])) return splice(text, before[0], item[1], '')
    return splice(splice(text, ...item, ''), ...before, '')
  }
  if (!isSpace(item[1], comma[0])) return splice(splice(text, ...comma, ''), ...item, '')
  return before !== null && isBlank(before[1], item[0])
    ? splice(text, before[1], comma[1], '')
    : splice(text, item[0], blanksEnd(text, comma[1]), '')
}

/** Whether the lines of this item, with its comma, hold nothing else but comments that begin and end there. */
function hasLinesOfItsOwn(container: Container, item: Range, comma: Range | null): boolean {
  const { text, tokens } = container
  const end = (comma ?? item)[1]
  if (comma !== null && text.slice(item[1], comma[0]).trim() !== '') return false
  const [from, to] = [lineStart(text, item[0]), lineEnd(text, end)]
  return tokens.every((token) => {
    const [start, stop] = rangeOf(token)
    const outside = stop <= from || start >= to
    const within = start >= from && stop <= to
    return outside || (within && (isComment(token) || (start >= item[0] && stop <= end)))
  })
}

/** The end of the line that `offset` is on; a comment that begins on it belongs to it as a whole. */
function lineEndAfterComments({ text, tokens }: Container, offset: number): number {
  let end = lineEnd(text, offset)
  for (const token of tokens) {
    const [start, stop] = rangeOf(token)
    if (isComment(token) && start >= offset && start < end && stop > end) end = lineEnd(text, stop)
  }
  return end
}

/** The comma between the item at `index` and what follows it. */
function commaAfter(container: Container, index: number): Range | null {
  const items = itemRanges(container)
  const from = items[index]?.[1] ?? 0
  const to = items[index + 1]?.[0] ?? closeOf(container)
  const comma = container.tokens.find((token) => {
    const [start] = rangeOf(token)
    return token.type === 'Comma' && start >= from && start < to
  })
  return comma === undefined ? null : rangeOf(comma)
}

/** What stands before `offset`, other than comments; at least the opening bracket does. */
function previousToken({ tokens, node }: Container, offset: number): Range {
  const token = tokens.findLast((each) => !isComment(each) && rangeOf(each)[1] <= offset)
  return rangeOf(token ?? node)
}

function itemRanges({ node }: Container): Range[] {
  return node.type === 'Array' ? node.elements.map(({ value }) => rangeOf(value)) : node.members.map(rangeOf)
}

/** Where the closing bracket stands. */
function closeOf({ node }: Container): number {
  return rangeOf(node)[1] - 1
}

function blanksEnd(text: string, offset: number): number {
  return offset + (/^[ \t]*/.exec(text.slice(offset))?.[0].length ?? 0)
}

function isComment({ type }: Token): boolean {
  return type === 'LineComment' || type === 'BlockComment'
}

/** Half-open, in characters. */
export function rangeOf(node: { range?: readonly number[] }): Range {
  const [start, end] = node.range ?? []
  if (start === undefined || end === undefined) throw new Error('the tree was parsed without ranges')
  return [start, end]
}
