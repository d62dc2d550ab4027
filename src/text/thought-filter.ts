import { AnswerWrapper, WRAPPER } from './answer-wrapper.ts'
import { CodeTracker } from './code-tracker.ts'
import { DataAddresses } from './data-addresses.ts'
import { NOTATIONS, TOKENS, UNFINISHED } from './hidden-notations.ts'

const IN_TEXT = new RegExp(
  [
    ...NOTATIONS.map(({ open }, index) => `(?<open${index}>${open})`),
    `(?<token>${TOKENS})`,
    `(?<around>${WRAPPER})`,
    `(?<close>${NOTATIONS.flatMap(({ close, isOpenedInPrompt }) => (isOpenedInPrompt ? [close] : [])).join('|')})`,
  ].join('|'),
  'i',
)
const IN_THOUGHT = NOTATIONS.map(({ open, close }) => new RegExp(`(?<open>${open})|(?<close>${close})`, 'i'))
/** No mark is longer. */
const MAX_UNFINISHED = 300
/** Of what is held back; more than a reply may have. */
const MAX_HELD = 200_000

/** As programmers write types and others titles; no model writes its marks in this way. */
const TITLE = /^\[\/?[A-Z][a-z]/
const TYPE_NAME = /^<\/?[A-Z][a-z]/
/** Of what was said last, to see whether a mark stands in the middle of a sentence. */
const TAIL_LENGTH = 40
const MID_SENTENCE = /[\p{L}\p{N},][ \t]{1,3}["'“‘(]{0,2}$/u
/** How a sentence goes on behind a mark that it names: "remove the <think> tag". A thought begins with a word or a line break. */
const GOES_ON = /^(?:[ \t]+[\p{L}\p{N}(]|["'”’]?[.,;:!?)])/u

export interface FilteredText {
  /** For the person. */
  text: string
  /** Everything that was given out before were thoughts. */
  isRetracted: boolean
}

/**
 * Takes a model's thoughts, the calls of tools that it wrote into the text, the tokens of its template and tags around the whole out of
 * its answer while it streams: the same text is left however it is cut into pieces. Marks inside of Markdown's code are left alone.
 * Thoughts that never end, because the answer was cut, are left out to the end; a mark that a sentence names and that nothing closes is
 * text.
 */
export class ThoughtFilter {
  readonly #code = new CodeTracker()
  readonly #wrapper = new AnswerWrapper()
  readonly #addresses = new DataAddresses()
  #pending = ''
  #out = ''
  #isRetracted = false
  /** `null`: nothing is held back. */
  #held: string | null
  #hadThought = false
  /** The answer shows a mark as an example, in code. */
  #showsMarks = false
  /** The notation of the thought under way. */
  #notation: number | null = null
  #depth = 0
  /** What follows the last closing mark of a thought that was opened more often than closed: the answer, if no other follows. */
  #afterClose: string | null = null
  #isOpenedInPrompt = false
  #isLeftOpen = false
  /** The end of what was said. */
  #tail = ''
  /** An opening mark in the middle of a sentence, which may only name it, and what follows. */
  #mention: { mark: string; behind: string } | null = null

  /** With `holdsBack` nothing is given out until it is known whether the answer begins with thoughts that only a closing mark ends. */
  constructor({ holdsBack = false }: { holdsBack?: boolean } = {}) {
    this.#held = holdsBack ? '' : null
  }

  /** Whether the answer began with thoughts that only a closing mark ended. */
  get wasOpenedInPrompt(): boolean {
    return this.#isOpenedInPrompt
  }

  /** Whether the answer has ended inside of a thought, and what followed is left out, although nobody cut it. */
  get isLeftOpen(): boolean {
    return this.#isLeftOpen
  }

  /** How many characters are held back until it is known whether they are thoughts; `null` where none are. */
  get heldLength(): number | null {
    return this.#held?.length ?? null
  }

  /** Something else than text comes: what looks like the beginning of a mark is none. */
  interrupt(): FilteredText {
    this.#pending += this.#addresses.rest()
    this.#read(0)
    return this.#take()
  }

  push(delta: string): FilteredText {
    this.#pending += this.#addresses.push(delta)
    const unfinished = UNFINISHED.exec(this.#pending.slice(-MAX_UNFINISHED))?.[0].length ?? 0
    this.#read(unfinished)
    return this.#take()
  }

  /** The rest, at the end of the answer. What is held back of one that was cut (`isCut`) may be thoughts, and is left out. */
  end({ isCut = false }: { isCut?: boolean } = {}): FilteredText {
    this.#pending += this.#addresses.rest()
    this.#read(0)
    if (isCut || this.#afterClose !== null) this.#held = null
    this.#release()
    if (this.#afterClose !== null) this.#out += this.#afterClose
    else if (!isCut && this.#mention !== null && GOES_ON.test(this.#mention.behind))
      this.#out += this.#mention.mark + this.#mention.behind
    else this.#isLeftOpen = !isCut && this.#notation !== null && NOTATIONS[this.#notation]?.isThought === true
    return this.#take()
  }

  /** Everything but the last `unfinished` characters. */
  #read(unfinished: number): void {
    for (;;) {
      const pattern = this.#notation === null ? IN_TEXT : (IN_THOUGHT[this.#notation] ?? IN_TEXT)
      const found = pattern.exec(this.#pending)
      const complete = this.#pending.length - unfinished
      this.#pass(Math.min(found?.index ?? complete, complete))
      if (found === null || found.index >= complete) return
      const [mark] = found
      this.#pending = this.#pending.slice(mark.length)
      if (this.#notation === null) this.#markInText(mark, found.groups ?? {})
      else this.#markInThought(mark, found.groups ?? {})
    }
  }

  /** Gives the first `length` characters to where they belong. */
  #pass(length: number): void {
    const text = this.#pending.slice(0, length)
    this.#pending = this.#pending.slice(length)
    if (this.#notation === null) this.#say(text)
    else if (this.#afterClose !== null && this.#afterClose.length < MAX_HELD) this.#afterClose += text
    else this.#noteBehindMention(text)
  }

  #noteBehindMention(text: string): void {
    if (this.#mention !== null && this.#mention.behind.length < MAX_HELD) this.#mention.behind += text
  }

  #markInText(mark: string, { around, token, close, ...opened }: Record<string, string | undefined>): void {
    if (around !== undefined) {
      this.#tagAround(mark)
      return
    }
    if (TITLE.test(mark) || (TYPE_NAME.test(mark) && /\w$/.test(this.#tail))) {
      this.#say(mark)
      return
    }
    const isOpening = token === undefined && close === undefined
    // Thoughts that are held back may have a fence that nobody closed.
    const mayEndHeld = close !== undefined && this.#held !== null && !this.#showsMarks
    if (this.#code.isInside && !mayEndHeld) {
      this.#showsMarks ||= isOpening
      this.#say(mark)
    } else if (close !== undefined) {
      this.#closeUnopened()
    } else if (isOpening) {
      this.#notation = NOTATIONS.findIndex((_notation, index) => opened[`open${index}`] !== undefined)
      const { isThought = false } = NOTATIONS[this.#notation] ?? {}
      if (MID_SENTENCE.test(this.#tail)) this.#mention = { mark, behind: '' }
      else if (isThought) this.#release()
      this.#hadThought ||= isThought
      this.#depth = 1
    }
  }

  #tagAround(tag: string): void {
    // Some models close it behind a fence, on the same line.
    const isInCode = this.#code.isInside && !this.#code.isClosing
    if (isInCode || !this.#wrapper.takes(tag, this.#pending)) this.#say(tag)
    // Spaces at the start of a line would mean something to Markdown.
    else if (!tag.startsWith('</')) this.#pending = this.#pending.replace(/^[ \t]+/, '')
  }

  #markInThought(mark: string, { open }: Record<string, string | undefined>): void {
    const isNested = NOTATIONS[this.#notation ?? 0]?.isOpenedInPrompt === true
    if (open !== undefined) {
      if (isNested) this.#depth += 1
      this.#noteBehindMention(mark)
      return
    }
    this.#depth -= 1
    this.#afterClose = ''
    this.#mention = null
    if (this.#depth > 0) return
    const { isThought = false } = NOTATIONS[this.#notation ?? 0] ?? {}
    this.#notation = null
    this.#afterClose = null
    // Thoughts that are held back may name the mark that begins them: with the closing one all of them are over.
    if (isThought) this.#held = null
  }

  /** A closing mark alone: everything before it were thoughts, once. */
  #closeUnopened(): void {
    if (this.#hadThought) return
    this.#hadThought = true
    this.#isOpenedInPrompt = true
    this.#isRetracted = true
    this.#out = ''
    this.#held = null
    this.#tail = ''
    this.#code.reset()
    this.#wrapper.reset()
  }

  #say(text: string): void {
    this.#code.read(text)
    this.#wrapper.note(text)
    this.#tail = (this.#tail + text).slice(-TAIL_LENGTH)
    if (this.#held === null) this.#out += text
    else if (this.#held.length < MAX_HELD) this.#held += text
  }

  #release(): void {
    this.#out += this.#held ?? ''
    this.#held = null
  }

  #take(): FilteredText {
    const taken = { text: this.#out, isRetracted: this.#isRetracted }
    this.#out = ''
    this.#isRetracted = false
    return taken
  }
}

/** A whole text without its thoughts. */
export function withoutThoughts(text: string): string {
  const filter = new ThoughtFilter()
  const first = filter.push(text)
  const last = filter.end()
  return last.isRetracted ? last.text : first.text + last.text
}
