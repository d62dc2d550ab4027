import { firstIndex } from '../../text/first-index.ts'
import type { Range } from './json5-tree.ts'

/**
 * A text out of which ranges are cut, from its end towards its start. All offsets are those of the whole text; what is
 * asked of the text to the right of a place sees it without the ranges that are cut already. Each question takes
 * logarithmic time.
 */
export class TextCuts {
  readonly #text: string
  /** The offset of each line break, ascending. */
  readonly #breaks: readonly number[]
  /** Apart from each other, the leftmost last. */
  readonly #cuts: Range[] = []

  constructor(text: string) {
    this.#text = text
    this.#breaks = [...text.matchAll(/\n/g)].map(({ index }) => index)
  }

  /** Cuts a range that does not begin to the right of the ones before. */
  add([start, end]: Range): void {
    let merged: Range = [start, end]
    for (let last = this.#cuts.at(-1); last !== undefined && last[0] <= merged[1]; last = this.#cuts.at(-1)) {
      merged = [Math.min(merged[0], last[0]), Math.max(merged[1], last[1])]
      this.#cuts.pop()
    }
    if (merged[1] > merged[0]) this.#cuts.push(merged)
  }

  /** Whether the character at `offset` is gone. */
  covers(offset: number): boolean {
    return this.#after(offset) !== offset
  }

  /** Where the line that `offset` is on begins. */
  lineStart(offset: number): number {
    const index = firstIndex(this.#breaks.length, (at) => (this.#breaks[at] ?? 0) >= offset)
    return index === 0 ? 0 : (this.#breaks[index - 1] ?? 0) + 1
  }

  /** Where the line that `offset` is on ends, before its line break. */
  lineEnd(offset: number): number {
    const next = this.#break(offset)
    if (next === null) return this.#text.length
    return this.#text[next - 1] === '\r' && next > offset ? next - 1 : next
  }

  /** Where the line after that of `offset` begins. */
  nextLine(offset: number): number {
    const next = this.#break(offset)
    return next === null ? this.#text.length : next + 1
  }

  /** Where the blanks after `offset` end. */
  blanksEnd(offset: number): number {
    let at = this.#after(offset)
    while (this.#text[at] === ' ' || this.#text[at] === '\t') at = this.#after(at + 1)
    return at
  }

  /** The text without the ranges. */
  remaining(): string {
    let from = 0
    const kept: string[] = []
    for (const [start, end] of this.#cuts.toReversed()) {
      kept.push(this.#text.slice(from, start))
      from = end
    }
    return kept.join('') + this.#text.slice(from)
  }

  /** The first line break from `offset` on that is not cut. */
  #break(offset: number): number | null {
    let from = offset
    for (;;) {
      const start = from
      const next = this.#breaks[firstIndex(this.#breaks.length, (at) => (this.#breaks[at] ?? 0) >= start)]
      if (next === undefined) return null
      if (!this.covers(next)) return next
      from = this.#after(next)
    }
  }

  /** `offset`, or the end of the range that it lies in. */
  #after(offset: number): number {
    const cuts = this.#cuts
    // They stand in descending order: the first that does not begin after `offset`.
    const cut = cuts[firstIndex(cuts.length, (at) => (cuts[at]?.[0] ?? 0) <= offset)]
    return cut !== undefined && offset < cut[1] ? cut[1] : offset
  }
}
