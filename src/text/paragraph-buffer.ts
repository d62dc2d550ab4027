/**
 * Collects a reply as it streams and hands out whole paragraphs. A paragraph ends at a blank line outside of a code
 * fence; the same text gives the same paragraphs however it was cut into deltas. Work is linear in the text.
 */
export class ParagraphBuffer {
  #text = ''
  /** Start of the first line that has not been looked at. */
  #lineStart = 0
  /** After the last blank line outside of a fence. */
  #boundary = 0
  /** Paragraphs before `#boundary`. */
  #complete = 0
  #paragraphHasText = false
  #fence: string | null = null

  push(delta: string): void {
    this.#text += delta
    for (;;) {
      const lineEnd = this.#text.indexOf('\n', this.#lineStart)
      if (lineEnd === -1) return
      this.#line(this.#text.slice(this.#lineStart, lineEnd), lineEnd + 1)
      this.#lineStart = lineEnd + 1
    }
  }

  /** Complete paragraphs that have not been taken. */
  get complete(): number {
    return this.#complete
  }

  /** The complete paragraphs as one text, and how many they are. */
  take(): { text: string; paragraphs: number } {
    const taken = { text: this.#text.slice(0, this.#boundary), paragraphs: this.#complete }
    this.#text = this.#text.slice(this.#boundary)
    this.#lineStart -= this.#boundary
    this.#boundary = 0
    this.#complete = 0
    return taken
  }

  /** Everything not taken yet, at the end of the reply. */
  rest(): string {
    return this.#text
  }

  #line(line: string, next: number): void {
    const mark = /^\s{0,3}(```|~~~)/.exec(line)?.[1] ?? null
    if (mark !== null) this.#fence = this.#fence === null ? mark : this.#fence === mark ? null : this.#fence
    if (line.trim() !== '' || this.#fence !== null) {
      this.#paragraphHasText = true
      return
    }
    if (this.#paragraphHasText) this.#complete += 1
    this.#paragraphHasText = false
    this.#boundary = next
  }
}

/** `text` without its first `count` paragraphs, as `ParagraphBuffer` counts them. */
export function dropParagraphs(text: string, count: number): string {
  if (count === 0) return text
  const buffer = new ParagraphBuffer()
  let dropped = 0
  let position = 0
  for (const line of text.split(/(?<=\n)/)) {
    buffer.push(line)
    if (buffer.complete === 0) continue
    const taken = buffer.take()
    dropped += taken.paragraphs
    position += taken.text.length
    if (dropped >= count) return text.slice(position)
  }
  return ''
}
