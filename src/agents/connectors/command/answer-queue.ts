/** The text of one answer, between a program that writes it and the conversation that reads it. */
export class AnswerQueue {
  #texts: string[] = []
  #end: { error: unknown } | 'complete' | null = null
  #wake = (): void => {}
  #length = 0

  /** Characters that came so far. */
  get length(): number {
    return this.#length
  }

  /** Whether nothing more is taken. */
  get isOver(): boolean {
    return this.#end !== null
  }

  add(text: string): void {
    if (this.#end !== null) return
    this.#length += text.length
    this.#texts.push(text)
    this.#wake()
  }

  complete(): void {
    this.#end ??= 'complete'
    this.#wake()
  }

  /** What was not read yet is not read any more. */
  fail(error: unknown): void {
    this.#end ??= { error }
    this.#wake()
  }

  /** What comes, in order, until the end. Throws what it failed with. */
  async *read(): AsyncGenerator<string, void, void> {
    for (;;) {
      if (this.#end !== null && this.#end !== 'complete') throw this.#end.error
      const text = this.#texts.splice(0).join('')
      if (text !== '') yield text
      else if (this.#end === null) {
        await new Promise<void>((resolve) => {
          this.#wake = resolve
        })
      } else return
    }
  }
}
