const NAMES = '(?:final|answer|response|reply|final_(?:answer|response))'

/** What some models are told to put around their whole answer: `<answer>…</answer>`. Sources of regular expressions. */
export const WRAPPER = `</?${NAMES}>`
/** The end of a text that must go on before it is known whether a tag is around the answer. */
export const UNFINISHED_WRAPPER = `<${NAMES}>(?:["'”’]?|[ \\t]{1,20}[^\\n<]{0,201})`

/** A sentence that begins with the name of the tag, and ends its line without another one: "<answer> is a tag". */
const NAMED = /^(?:["'”’]?[.,;:!?)]|[ \t]\p{Ll}[^\n<]{0,200}(?:\n|$))/u

/**
 * Tells the tags that are around a whole answer from those that it speaks of. The first is known at the start of the answer, so that it
 * can be left out while the answer streams; the last is the one that closes it.
 */
export class AnswerWrapper {
  #isAtStart = true
  readonly #open: string[] = []

  /** `text` is shown. */
  note(text: string): void {
    if (text.trim() !== '') this.#isAtStart = false
  }

  /** Whether the tag, with `behind` it, is left out. */
  takes(tag: string, behind: string): boolean {
    const name = tag.replaceAll(/[</>]/g, '')
    // An answer in XML, as `<Response>`, is a text of its own.
    if (name !== name.toLowerCase() && name !== name.toUpperCase()) return false
    if (!tag.startsWith('</')) {
      if (!this.#isAtStart || NAMED.test(behind)) return false
      this.#open.push(name)
      return true
    }
    if (!this.#open.includes(name)) return false
    this.#open.splice(this.#open.lastIndexOf(name))
    // Some models put tags around each part of the answer.
    this.#isAtStart = true
    return true
  }

  reset(): void {
    this.#isAtStart = true
    this.#open.length = 0
  }
}
