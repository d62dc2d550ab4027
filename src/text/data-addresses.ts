/** The start of an address that holds a file itself, where one stands in a link, an image or an attribute. */
const START = /[(<"'=]data:[\w.+/-]{0,80}(?:;[\w.=+-]{1,80}){0,3},/i
/** The end of a text that may go on as one. */
const UNFINISHED = /[(<"'=](?:d|da|dat|data|data:[\w.+/;=-]{0,330})?$/i
const MAX_UNFINISHED = 340
const END = /[\s"'()<>]/
/** So much of the file stays, which is enough for an example in code. */
const MAX_KEPT = 1_000

/**
 * Shortens addresses that hold a file (`data:image/png;base64,…`) while a text streams: nobody reads them, and they would take the room
 * of the words behind. The same text is left however it is cut into pieces.
 */
export class DataAddresses {
  #pending = ''
  /** How many characters of the file under way may still come; `null` outside of one. */
  #room: number | null = null

  push(delta: string): string {
    this.#pending += delta
    return this.#read((text) => UNFINISHED.exec(text.slice(-MAX_UNFINISHED))?.[0].length ?? 0)
  }

  /** What was held back: nothing follows, or something else than text. */
  rest(): string {
    return this.#read(() => 0)
  }

  #read(unfinished: (text: string) => number): string {
    let shown = ''
    for (;;) {
      if (this.#room !== null) {
        const end = this.#pending.search(END)
        const kept = this.#take(end === -1 ? this.#pending.length : end).slice(0, this.#room)
        shown += kept
        this.#room -= kept.length
        if (end === -1) return shown
        this.#room = null
      }
      const start = START.exec(this.#pending)
      if (start === null) return shown + this.#take(this.#pending.length - unfinished(this.#pending))
      shown += this.#take(start.index + start[0].length)
      this.#room = MAX_KEPT
    }
  }

  #take(length: number): string {
    const taken = this.#pending.slice(0, length)
    this.#pending = this.#pending.slice(length)
    return taken
  }
}
