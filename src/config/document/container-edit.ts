import type { ConfigDocument } from './config-document.ts'
import type { ArrayNode, ObjectNode, Range, Token } from './json5-tree.ts'
import { indentOf, lineEnd, lineStart, newlineOf, splice } from './text-lines.ts'
import type { TextStyle } from './text-style.ts'

/** An array or object in a text, with every token of that text in order. */
export interface Container {
  text: string
  tokens: readonly Token[]
  /** The elements or members. */
  items: readonly Range[]
  /** Brackets included. */
  range: Range
}

export function containerOf({ body, tokens }: ConfigDocument, node: ArrayNode | ObjectNode): Container {
  const items = node.type === 'array' ? node.elements : node.members
  return { text: body, tokens, items: items.map(({ range }) => range), range: node.range }
}

/** The text with `added` at the end of the container, in the style of the present items. Nothing else changes. */
export function insertItems(container: Container, added: readonly string[], style: TextStyle): string {
  const { text, items } = container
  const last = items.at(-1)
  if (added.length === 0) return text
  if (last === undefined) return insertFirst(container, added, style)
  const comma = commaAfter(container, items.length - 1)
  if (previousToken(container, last[0])[1] > lineStart(text, last[0])) {
    const line = added.join(', ')
    return comma === null
      ? splice(text, last[1], last[1], `, ${line}`)
      : splice(text, comma[1], comma[1], ` ${line},`)
  }
  const anchor = comma ?? last
  const lead = `${newlineOf(text, anchor[1])}${indentOf(text, last[0])}`
  const lines = added.map((item) => lead + item).join(',')
  const end = lineEndAfterComments(container, anchor[1])
  // The closing bracket is on the line of the last item.
  const at = end > closeOf(container) ? anchor[1] : end
  if (comma !== null) return splice(text, at, at, `${lines},`)
  return splice(splice(text, at, at, lines), last[1], last[1], ',')
}

function insertFirst({ text, range }: Container, added: readonly string[], style: TextStyle): string {
  const [open, close] = [range[0] + 1, range[1] - 1]
  const inner = text.slice(open, close)
  if (!inner.includes('\n')) {
    const line = added.join(', ')
    if (inner.trim() !== '') return splice(text, open, open, ` ${line},`)
    const pad = inner === '' ? '' : ' '
    return splice(text, open, close, `${pad}${line}${pad}`)
  }
  // Comments inside stay where they are, before the new items.
  const end = close - (/[ \t]*$/.exec(inner)?.[0].length ?? 0)
  const newline = newlineOf(text, open)
  const lead = indentOf(text, close) + style.indent
  const lines = added.map((item) => lead + item).join(`,${newline}`)
  return splice(text, end, end, `${lines}${style.trailingCommas ? ',' : ''}${newline}`)
}

/** The end of the line that `offset` is on; a comment that begins on it belongs to it as a whole. */
function lineEndAfterComments({ text, tokens }: Container, offset: number): number {
  let end = lineEnd(text, offset)
  for (const { kind, range } of tokens) {
    const [start, stop] = range
    if (kind === 'comment' && start >= offset && start < end && stop > end) end = lineEnd(text, stop)
  }
  return end
}

/** The comma between the item at `index` and what follows it. */
function commaAfter(container: Container, index: number): Range | null {
  const { items, tokens } = container
  const from = items[index]?.[1] ?? 0
  const to = items[index + 1]?.[0] ?? closeOf(container)
  const comma = tokens.find(({ kind, range: [start] }) => kind === 'comma' && start >= from && start < to)
  return comma?.range ?? null
}

/** The last token before `offset` that is no comment; at least the opening bracket is one. */
function previousToken({ tokens, range }: Container, offset: number): Range {
  return tokens.findLast((each) => each.kind !== 'comment' && each.range[1] <= offset)?.range ?? range
}

/** The offset of the closing bracket. */
export function closeOf({ range }: Pick<Container, 'range'>): number {
  return range[1] - 1
}
