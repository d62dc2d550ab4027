import { randomBytes } from 'node:crypto'
import type { Range } from './range-of.ts'

export interface FoldedText {
  /** Valid JSON5 as well; a comment stands in place of what is left out. */
  text: string
  /** Puts back what was left out into the edited text. */
  unfold(edited: string): string
  /** Whether every comment that stands for something is there still. */
  isWhole(edited: string): boolean
}

/**
 * The text without these ranges, each of which begins where a value or a key does and ends where another one does; they are apart and in
 * order.
 */
export function foldRanges(text: string, ranges: readonly Range[]): FoldedText {
  // Who edits the text must not be able to guess it: what they write would be taken for what was left out.
  const mark = `left out ${randomBytes(12).toString('hex')} `
  const commentOf = (index: number): string => `/*${mark}${index}*/`
  let folded = ''
  let from = 0
  for (const [index, [start, end]] of ranges.entries()) {
    folded += text.slice(from, start) + commentOf(index)
    from = end
  }
  return {
    text: folded + text.slice(from),
    // A comment that is gone went with what is around it.
    unfold: (edited) =>
      ranges.reduce(
        (each, [start, end], index) => each.replace(commentOf(index), () => text.slice(start, end)),
        edited,
      ),
    isWhole: (edited) => ranges.every((_range, index) => edited.includes(commentOf(index))),
  }
}
