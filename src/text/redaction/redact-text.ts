import { firstIndex } from '../first-index.ts'
import type { FormattedText, Wrapped } from '../formatted-text.ts'
import { joined, type Range, type Redactor } from './redactor.ts'

/** What stands in the place of what was taken out. */
const REMOVED = '[removed]'
/** Hardly seen or not at all, and put into a text for the sake of marks: what is around it reads as one. */
const UNSEEN = /[\u00AD\u200A\u200B\u2060\uFEFF]/g

/** A text without what is of this sandbox, and how often something was taken out of it. */
export interface Redacted<Text> {
  text: Text
  count: number
}

/** A text that shows no marks: Markdown as it was written, a caption, a name. */
export function redactText(text: string, redactor: Pick<Redactor, 'find'>): Redacted<string> {
  const found = redactor.find(text)
  return { text: replaced(text, found, REMOVED), count: found.length }
}

/**
 * A text with WhatsApp's marks in it: what is found is found also where marks stand inside of it, and marks of which one would go away go
 * away together.
 */
export function redactFormatted(
  { text, wrapped }: FormattedText,
  redactor: Pick<Redactor, 'find'>,
): Redacted<FormattedText> {
  const found = joined([...redactor.find(text), ...findBetweenMarks(text, wrapped, redactor)])
  if (found.length === 0) return { text: { text, wrapped }, count: 0 }
  const isHit = ([start, end]: Range): boolean => {
    const last = lastWhere(found, ([from]) => from < end)
    return last !== undefined && start < last[1]
  }
  const kept = wrapped.filter((each) => !marksOf(each).some(isHit))
  const dropped = wrapped
    .filter((each) => marksOf(each).some(isHit))
    .flatMap(marksOf)
    .filter((mark) => !isHit(mark))
  const edits = [
    ...found.map((range) => ({ range, by: REMOVED })),
    ...joined(dropped).map((range) => ({ range, by: '' })),
  ].toSorted((one, other) => one.range[0] - other.range[0])
  let shown = ''
  let position = 0
  /** Where each edit ends in the text, and by how much what is behind it has moved. */
  const moves: { end: number; by: number }[] = []
  for (const { range, by } of edits) {
    const [start, end] = range
    shown += text.slice(position, start) + by
    position = end
    moves.push({ end, by: shown.length - end })
  }
  const moved = (at: number): number => at + (lastWhere(moves, ({ end }) => end <= at)?.by ?? 0)
  return {
    text: {
      text: shown + text.slice(position),
      wrapped: kept.map((each) => ({ ...each, start: moved(each.start), end: moved(each.end) })),
    },
    count: found.length,
  }
}

/** As `find`, in the text as it is read: without the marks, and spaces that nobody sees. The ranges are those of the text with them. */
function findBetweenMarks(
  text: string,
  wrapped: readonly Wrapped[],
  redactor: Pick<Redactor, 'find'>,
): Range[] {
  const unseen = Array.from(text.matchAll(UNSEEN), ({ index }): Range => [index, index + 1])
  const marks = joined([...wrapped.flatMap(marksOf), ...unseen])
  if (marks.length === 0) return []
  let visible = ''
  let position = 0
  /** Where the pieces between marks begin, in the visible text and in the whole one. */
  const pieces: { visible: number; whole: number }[] = []
  for (const [start, end] of [...marks, [text.length, text.length]] as Range[]) {
    if (start > position) pieces.push({ visible: visible.length, whole: position })
    visible += text.slice(position, start)
    position = end
  }
  const whole = (at: number): number => {
    const piece = lastWhere(pieces, (each) => each.visible <= at)
    return piece === undefined ? at : piece.whole + at - piece.visible
  }
  return redactor.find(visible).map(([start, end]) => [whole(start), whole(end - 1) + 1])
}

/** The last item for which `holds`, where it holds for all before it too. */
function lastWhere<Item>(items: readonly Item[], holds: (item: Item) => boolean): Item | undefined {
  const firstOther = firstIndex(items.length, (index) => {
    const item = items[index]
    return item === undefined || !holds(item)
  })
  return items[firstOther - 1]
}

function marksOf({ start, end, open, close }: Wrapped): Range[] {
  return [
    [start, start + open.length],
    [end - close.length, end],
  ]
}

function replaced(text: string, ranges: readonly Range[], by: string): string {
  let result = ''
  let position = 0
  for (const [start, end] of ranges) {
    result += text.slice(position, start) + by
    position = end
  }
  return result + text.slice(position)
}
