import type { TextReader } from './text-reader.ts'

const BLANK_LINE = /\n[ \t]*\r?\n/
/** A blank line of more spaces is found with the next line. */
const LOOK_BACK = 64

/**
 * Collects a reply as it streams and hands out whole paragraphs. The same text gives the same paragraphs however it was cut
 * into deltas. To collect costs nothing; the text is read when something is taken.
 */
export class ParagraphBuffer {
  readonly reader: TextReader
  #text = ''
  /** A line has ended since the text was read. */
  #hasNewLine = false
  #hasBlankLine = false

  constructor(reader: TextReader) {
    this.reader = reader
  }

  push(delta: string): void {
    const from = Math.max(0, this.#text.length - LOOK_BACK)
    this.#text += delta
    if (!delta.includes('\n')) return
    this.#hasNewLine = true
    this.#hasBlankLine ||= BLANK_LINE.test(this.#text.slice(from))
  }

  /** Whether `take` may find something. */
  get mayHaveParagraph(): boolean {
    return this.#hasNewLine && this.#hasBlankLine
  }

  /** Characters that are not taken yet. */
  get length(): number {
    return this.#text.length
  }

  /**
   * The complete paragraphs as one text, and where each of them ends in it; nothing, which stays to be taken, where they have fewer
   * characters than `minChars` together.
   */
  take(minChars = 0): { text: string; ends: readonly number[] } {
    this.#hasNewLine = false
    const lines = this.#text.slice(0, this.#text.lastIndexOf('\n') + 1)
    const ends = this.reader.paragraphEnds(lines)
    const boundary = ends.at(-1) ?? 0
    if (boundary < minChars) return { text: '', ends: [] }
    const taken = { text: this.#text.slice(0, boundary), ends }
    this.#text = this.#text.slice(boundary)
    this.#hasBlankLine = BLANK_LINE.test(this.#text)
    return taken
  }

  /** Everything not taken yet, at the end of the reply. */
  rest(): string {
    return this.#text
  }
}

/** `text` without its first `count` paragraphs, as `ParagraphBuffer` counts them. */
export function dropParagraphs(reader: TextReader, text: string, count: number): string {
  if (count === 0) return text
  const end = reader.paragraphEnds(text)[count - 1]
  return end === undefined ? '' : text.slice(end)
}
