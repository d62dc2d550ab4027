import type { ReplyItem } from '../../agent.ts'

/** Text that waits for its reader, in UTF-16 code units; the agent is read no further then. */
const MAX_WAITING = 65_536
/** One piece that is handed on. */
const MAX_PIECE = 16_384

/** What is no text, and waits. */
const MAX_ITEMS = 8

/** One answer on its way from the agent to its reader: in order, bounded, and ended once. */
export class AnswerText {
  #pieces: (string | ReplyItem)[] = []
  #items = 0
  #waiting = 0
  #end: { error: unknown } | 'complete' | null = null
  #isRead = true
  #arrived: (() => void) | null = null
  #hasRoom: (() => void)[] = []

  /** Resolves when there is room for more. What comes after the end is dropped. */
  async add(text: string): Promise<void> {
    if (this.#end !== null || !this.#isRead) return
    for (let at = 0; at < text.length; at += MAX_PIECE) this.#pieces.push(text.slice(at, at + MAX_PIECE))
    this.#waiting += text.length
    this.#arrived?.()
    while (this.#waiting > MAX_WAITING && this.#end === null && this.#isRead) {
      await new Promise<void>((resolve) => this.#hasRoom.push(resolve))
    }
  }

  /** As `add`, for what is no text. */
  async addItem(item: ReplyItem): Promise<void> {
    if (this.#end !== null || !this.#isRead) return
    this.#pieces.push(item)
    this.#items += 1
    this.#arrived?.()
    while (this.#items > MAX_ITEMS && this.#end === null && this.#isRead) {
      await new Promise<void>((resolve) => this.#hasRoom.push(resolve))
    }
  }

  /** Nothing more comes. What waits is still read. */
  complete(): void {
    this.#finish('complete')
  }

  /** The reader gets the error at once: what waits is not read any more. */
  fail(error: unknown): void {
    this.#finish({ error })
  }

  /** To be called once. Throws what `fail` was given. */
  async *read(): AsyncGenerator<string | ReplyItem, void, void> {
    try {
      for (;;) {
        if (this.#end !== null && this.#end !== 'complete') throw this.#end.error
        const piece = this.#pieces.shift()
        if (piece !== undefined) {
          if (typeof piece === 'string') this.#waiting -= piece.length
          else this.#items -= 1
          this.#release()
          yield piece
        } else if (this.#end === 'complete') return
        else {
          await new Promise<void>((resolve) => {
            this.#arrived = resolve
          })
        }
      }
    } finally {
      this.#isRead = false
      this.#pieces = []
      this.#release()
    }
  }

  #finish(end: { error: unknown } | 'complete'): void {
    if (this.#end !== null) return
    this.#end = end
    this.#arrived?.()
    this.#release()
  }

  #release(): void {
    for (const resolve of this.#hasRoom.splice(0)) resolve()
  }
}
