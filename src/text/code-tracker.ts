/** What may stand before a fence on its line: spaces, and the marks of lists and quotes. */
const BEFORE_FENCE = /^(?:[ \t>]|[-*+][ \t]|\d{1,9}[.)][ \t])*$/
const RUN = /\n|`+|~+|[^\n`~]+/g
/** Longer beginnings of a line are no place for a fence. */
const MAX_BEGINNING = 40

/** Whether a Markdown text that is still being written stands inside of code: a fence, or a code span of its line. */
export class CodeTracker {
  #fence: string | null = null
  #span = 0
  #line = ''

  get isInside(): boolean {
    return this.#fence !== null || this.#span > 0
  }

  /** Takes the next piece. A run of backticks or tildes must not be cut into two pieces. */
  read(text: string): void {
    for (const [run] of text.matchAll(RUN)) {
      if (run === '\n') {
        this.#line = ''
        this.#span = 0
        continue
      }
      if (run.startsWith('`') || run.startsWith('~')) this.#readMarks(run)
      this.#line = (this.#line + run).slice(0, MAX_BEGINNING)
    }
  }

  reset(): void {
    this.#fence = null
    this.#span = 0
    this.#line = ''
  }

  #readMarks(run: string): void {
    const mayFence = this.#line.length < MAX_BEGINNING && BEFORE_FENCE.test(this.#line)
    const isFence = run.length >= 3 && mayFence
    if (isFence && this.#fence === null) this.#fence = run
    else if (isFence && this.#fence !== null && run.startsWith(this.#fence)) this.#fence = null
    else if (this.#fence === null && run.startsWith('`')) {
      if (this.#span === 0) this.#span = run.length
      else if (this.#span === run.length) this.#span = 0
    }
  }
}
