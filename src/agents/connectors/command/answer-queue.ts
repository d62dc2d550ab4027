import type { ReplyPart } from '../../agent.ts'
import { AnswerSize } from '../../answers/answer-size.ts'
import { joined } from '../../answers/joined-parts.ts'

/** One answer, between a program that writes it and the conversation that reads it. */
export class AnswerQueue {
  #parts: ReplyPart[] = []
  #end: { error: unknown } | 'complete' | null = null
  #wake = (): void => {}
  readonly #size = new AnswerSize()

  /** Whether more came than any answer has. */
  get isTooLarge(): boolean {
    return this.#size.isTooLarge
  }

  /** Whether nothing more is taken. */
  get isOver(): boolean {
    return this.#end !== null
  }

  add(part: ReplyPart): void {
    if (this.#end !== null) return
    this.#size.add(part)
    this.#parts.push(part)
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
  async *read(): AsyncGenerator<ReplyPart, void, void> {
    for (;;) {
      if (this.#end !== null && this.#end !== 'complete') throw this.#end.error
      const parts = joined(this.#parts.splice(0))
      if (parts.length > 0) yield* parts
      else if (this.#end === null) {
        await new Promise<void>((resolve) => {
          this.#wake = resolve
        })
      } else return
    }
  }
}
