import { closeOf, type Container } from './container-edit.ts'
import { firstIndex } from '../../text/first-index.ts'
import type { Range } from './json5-tree.ts'
import { TextCuts } from './text-cuts.ts'

interface Removal {
  container: Container
  cuts: TextCuts
  /** The comma after each item. */
  commas: readonly (Range | undefined)[]
}

/**
 * The text without the items at these indexes: each with its comma, with its line where the line has nothing else, and with the
 * comments of that line. One pass, however many they are.
 */
export function removeItems(container: Container, indexes: readonly number[]): string {
  const cuts = new TextCuts(container.text)
  const removal = { container, cuts, commas: commasOf(container) }
  // From the end on, so that the text before the next item is unchanged.
  for (const index of [...indexes].toSorted((left, right) => right - left)) {
    for (const range of cutsFor(removal, index).toReversed()) cuts.add(range)
  }
  return cuts.remaining()
}

/** The comma between each item and what follows it. */
function commasOf({ items, tokens, range }: Container): (Range | undefined)[] {
  const commas: (Range | undefined)[] = items.map(() => undefined)
  let index = 0
  for (const { kind, range: comma } of tokens) {
    if (kind !== 'comma') continue
    while ((items[index + 1]?.[0] ?? Infinity) <= comma[0]) index += 1
    const from = items[index]?.[1] ?? Infinity
    if (comma[0] >= from && comma[0] < closeOf({ range })) commas[index] ??= comma
  }
  return commas
}

/** What goes with the item at `index`, in order and apart. */
function cutsFor(removal: Removal, index: number): Range[] {
  const { container, cuts, commas } = removal
  const item = container.items[index]
  if (item === undefined) return []
  const own = commas[index]
  // The last item that stood after this one may have taken the comma with it.
  const comma = own === undefined || cuts.covers(own[0]) ? null : own
  const before = commas[index - 1] ?? null
  if (!hasLinesOfItsOwn(removal, item, comma)) return inlineCuts(removal, item, comma, before)
  const lines: Range = [cuts.lineStart(item[0]), cuts.nextLine((comma ?? item)[1])]
  // It was the last and had no comma after it: neither shall the one that is last now.
  return comma !== null || before === null ? [lines] : [before, lines]
}

function inlineCuts(
  { container: { text }, cuts }: Removal,
  item: Range,
  comma: Range | null,
  before: Range | null,
): Range[] {
  const isBlank = (start: number, end: number): boolean => /^[ \t]*$/.test(text.slice(start, end))
  const isSpace = (start: number, end: number): boolean => text.slice(start, end).trim() === ''
  if (comma === null) {
    if (before === null) return [[item[0], cuts.blanksEnd(item[1])]]
    return isSpace(before[1], item[0]) ? [[before[0], item[1]]] : [before, item]
  }
  if (!isSpace(item[1], comma[0])) return [item, comma]
  return before !== null && isBlank(before[1], item[0])
    ? [[before[1], comma[1]]]
    : [[item[0], cuts.blanksEnd(comma[1])]]
}

/** Whether the lines of this item, with its comma, hold nothing else but comments that begin and end there. */
function hasLinesOfItsOwn({ container, cuts }: Removal, item: Range, comma: Range | null): boolean {
  const { text, tokens } = container
  const end = (comma ?? item)[1]
  if (comma !== null && text.slice(item[1], comma[0]).trim() !== '') return false
  const [from, to] = [cuts.lineStart(item[0]), cuts.lineEnd(end)]
  const first = firstIndex(tokens.length, (index) => (tokens[index]?.range[1] ?? Infinity) > from)
  for (let index = first; index < tokens.length; index += 1) {
    const token = tokens[index]
    if (token === undefined || token.range[0] >= to) return true
    const [start, stop] = token.range
    if (cuts.covers(start)) continue
    const isWithin = start >= from && stop <= to
    if (!isWithin || (token.kind !== 'comment' && (start < item[0] || stop > end))) return false
  }
  return true
}
