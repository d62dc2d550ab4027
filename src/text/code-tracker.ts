/** What may stand before a fence on its line: spaces, and the marks of lists and quotes. */
const BEFORE_FENCE = /^(?:[ \t>]|[-*+][ \t]|\d{1,9}[.)][ \t])*$/
const RUN = /\n|`+|~+|[^\n`~]+/g
/** Longer beginnings of a line are no place for a fence. */
const MAX_BEGINNING = 40

/**
 * Whether a Markdown text that is still being written stands inside of code: a fence, or a code span of its line. As in CommonMark,
 * backticks behind an opening fence on its line make it a code span, and text behind a closing fence makes it a line of the code.
 */
export class CodeTracker {
  #fence: string | null = null
  #span = 0
  #line = ''
  /** The fence began on this line. */
  #isOpening = false
  #isClosing = false

  get isInside(): boolean {
    return this.#fence !== null || this.#span > 0
  }

  /** What was read last ends a fence, if nothing else comes on its line. */
  get isClosing(): boolean {
    return this.#isClosing
  }

  /** Takes the next piece. A run of backticks or tildes must not be cut into two pieces. */
  read(text: string): void {
    for (const [run] of text.matchAll(RUN)) {
      if (run === '\n') {
        this.#endLine()
        continue
      }
      if (run.startsWith('`') || run.startsWith('~')) this.#readMarks(run)
      else if (run.trim() !== '') this.#isClosing = false
      this.#line = (this.#line + run).slice(0, MAX_BEGINNING)
    }
  }

  reset(): void {
    this.#fence = null
    this.#span = 0
    this.#line = ''
    this.#isOpening = false
    this.#isClosing = false
  }

  #endLine(): void {
    if (this.#isClosing) this.#fence = null
    this.#span = 0
    this.#line = ''
    this.#isOpening = false
    this.#isClosing = false
  }

  #readMarks(run: string): void {
    const mayFence = this.#line.length < MAX_BEGINNING && BEFORE_FENCE.test(this.#line)
    const isFence = run.length >= 3 && mayFence
    this.#isClosing = isFence && this.#fence !== null && !this.#isOpening && run.startsWith(this.#fence)
    if (this.#isOpening && run.startsWith('`') && this.#fence?.startsWith('`') === true) {
      this.#span = this.#fence.length
      this.#fence = null
    }
    if (isFence && this.#fence === null) {
      this.#fence = run
      this.#isOpening = true
    } else if (this.#fence === null && run.startsWith('`')) {
      if (this.#span === 0) this.#span = run.length
      else if (this.#span === run.length) this.#span = 0
    }
  }
}
