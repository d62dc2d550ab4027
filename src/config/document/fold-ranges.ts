import { randomBytes } from 'node:crypto'
import type { ConfigDocument } from './config-document.ts'
import type { Range } from './json5-tree.ts'

export interface FoldedDocument {
  /** Valid JSON5 as well; a comment replaces each part that is left out. */
  document: ConfigDocument
  /** Puts back what was left out into the edited document. */
  unfold(edited: ConfigDocument): ConfigDocument
  /** Whether every such comment is still there. */
  isWhole(edited: ConfigDocument): boolean
}

/**
 * The document without these ranges, each of which begins where a value or a key does and ends where another one does; they are apart
 * and in order.
 */
export function foldRanges(document: ConfigDocument, ranges: readonly Range[]): FoldedDocument {
  const { body } = document
  // Who edits the text must not be able to guess it: what they write would be taken for what was left out.
  const mark = `left out ${randomBytes(12).toString('hex')} `
  const commentOf = (index: number): string => `/*${mark}${index}*/`
  const kept: string[] = []
  let from = 0
  for (const [index, [start, end]] of ranges.entries()) {
    kept.push(body.slice(from, start), commentOf(index))
    from = end
  }
  const folded = document.withBody(kept.join('') + body.slice(from))
  return {
    document: folded,
    unfold: (edited) =>
      edited === folded
        ? document
        : // A comment that is gone went with what is around it.
          edited.withBody(
            ranges.reduce(
              (text, [start, end], index) => text.replace(commentOf(index), () => body.slice(start, end)),
              edited.body,
            ),
          ),
    isWhole: (edited) => ranges.every((_range, index) => edited.body.includes(commentOf(index))),
  }
}
