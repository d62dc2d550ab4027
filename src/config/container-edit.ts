import type { ArrayNode, ObjectNode } from '@humanwhocodes/momoa'

/** Half-open character ranges of a container's items, its opening and its closing bracket. */
interface Layout {
  items: readonly (readonly [number, number])[]
  open: number
  close: number
}

/** Inserts `item` at the end of an array or object, in the style of what stands there. Nothing else changes. */
export function insertItem(text: string, node: ArrayNode | ObjectNode, item: string): string {
  const { items, open, close } = layoutOf(node)
  const last = items.at(-1)
  if (last === undefined) return insertFirst(text, { open, close }, item)
  const comma = findComma(text, last[1], close)
  const onOwnLine = text.slice(lineStart(text, last[0]), last[0]).trim() === ''
  if (!onOwnLine) {
    return comma === -1
      ? splice(text, last[1], last[1], `, ${item}`)
      : splice(text, comma + 1, comma + 1, ` ${item},`)
  }
  const indent = indentOf(text, last[0])
  // A comment at the end of the line belongs to the item before it.
  const end = Math.min(lineEnd(text, comma === -1 ? last[1] : comma + 1), close)
  const line = `${newlineOf(text)}${indent}${item}`
  if (comma !== -1) return splice(text, end, end, `${line},`)
  return splice(splice(text, end, end, line), last[1], last[1], ',')
}

/** Removes the item at `index` with its comma, and its line where it has one for itself. */
export function removeItem(text: string, node: ArrayNode | ObjectNode, index: number): string {
  const { items, close } = layoutOf(node)
  const item = items[index]
  if (item === undefined) return text
  const comma = findComma(text, item[1], items[index + 1]?.[0] ?? close)
  const end = comma === -1 ? item[1] : comma + 1
  const start = lineStart(text, item[0])
  const rest = text.slice(end, lineEnd(text, end))
  const ownLine = text.slice(start, item[0]).trim() === '' && /^\s*(?:\/\/.*)?$/.test(rest)
  const cut = ownLine
    ? withoutLine(text, start, end)
    : withoutInline(text, item, end, items[index - 1], comma)
  const previous = items[index - 1]
  if (comma !== -1 || previous === undefined || !ownLine) return cut
  // It was the last and had no comma after it: neither shall the one that is last now.
  const dangling = findComma(cut, previous[1], Math.min(close, cut.length))
  return dangling === -1 ? cut : splice(cut, dangling, dangling + 1, '')
}

/** The line break that the file uses. */
export function newlineOf(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n'
}

/** The white space before the first character of the line that `offset` is on. */
export function indentOf(text: string, offset: number): string {
  return /^[ \t]*/.exec(text.slice(lineStart(text, offset)))?.[0] ?? ''
}

export function splice(text: string, start: number, end: number, replacement: string): string {
  return text.slice(0, start) + replacement + text.slice(end)
}

function insertFirst(text: string, { open, close }: Pick<Layout, 'open' | 'close'>, item: string): string {
  const inner = text.slice(open + 1, close)
  if (!inner.includes('\n')) return splice(text, open + 1, open + 1, inner.trim() === '' ? item : ` ${item},`)
  const indent = `${indentOf(text, close)}  `
  // Comments inside stay where they are, before the new item.
  const end = close - (/[ \t]*$/.exec(inner)?.[0].length ?? 0)
  return splice(text, end, end, `${indent}${item},${newlineOf(text)}`)
}

function withoutLine(text: string, start: number, end: number): string {
  const next = lineEnd(text, end)
  const breakLength = text.startsWith('\r\n', next) ? 2 : text.startsWith('\n', next) ? 1 : 0
  return splice(text, start, next + breakLength, '')
}

function withoutInline(
  text: string,
  item: readonly [number, number],
  end: number,
  previous: readonly [number, number] | undefined,
  comma: number,
): string {
  if (comma !== -1) return splice(text, item[0], end + (/^[ \t]*/.exec(text.slice(end))?.[0].length ?? 0), '')
  const before = previous === undefined ? item[0] : findComma(text, previous[1], item[0])
  return splice(text, before === -1 ? item[0] : before, item[1], '')
}

function layoutOf(node: ArrayNode | ObjectNode): Layout {
  const nodes = node.type === 'Array' ? node.elements.map(({ value }) => value) : node.members
  return { items: nodes.map(rangeOf), open: rangeOf(node)[0], close: rangeOf(node)[1] - 1 }
}

export function rangeOf(node: { range?: readonly number[] }): readonly [number, number] {
  const [start, end] = node.range ?? []
  if (start === undefined || end === undefined) throw new Error('the tree was parsed without ranges')
  return [start, end]
}

/** The first comma outside comments in [from, to), or -1. */
function findComma(text: string, from: number, to: number): number {
  let offset = from
  while (offset < to) {
    if (text.startsWith('//', offset)) offset = lineEnd(text, offset)
    else if (text.startsWith('/*', offset)) offset = text.indexOf('*/', offset) + 2
    else if (text[offset] === ',') return offset
    else offset += 1
  }
  return -1
}

function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1
}

/** Where the line that `offset` is on ends, before its line break. */
function lineEnd(text: string, offset: number): number {
  const next = text.indexOf('\n', offset)
  if (next === -1) return text.length
  return text[next - 1] === '\r' ? next - 1 : next
}
