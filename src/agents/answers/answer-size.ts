import type { ReplyPart } from '../agent.ts'

/** Many times the longest reply that is sent on. */
const MAX_LENGTH = 2_000_000
/** Files, places and the like. Far fewer are sent on; the rest is read, so that the words behind them arrive. */
const MAX_ITEMS = 1_000
/** Of the files that come inside of the answer. */
const MAX_BYTES = 64 * 1_024 * 1_024

/** Counts what one answer of a program consists of: its characters, its items, and the bytes of the files in them. */
export class AnswerSize {
  #length = 0
  #items = 0
  #bytes = 0

  add(part: ReplyPart): void {
    if (part.type === 'delta') this.#length += part.text.length
    else this.#items += 1
    if (part.type === 'media' && 'data' in part.file) this.#bytes += part.file.data.length
  }

  /** Whether it is more than any answer has. */
  get isTooLarge(): boolean {
    return this.#length > MAX_LENGTH || this.#items > MAX_ITEMS || this.#bytes > MAX_BYTES
  }
}
