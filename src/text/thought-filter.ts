import { CodeTracker } from './code-tracker.ts'

/** Names of the tags that models and their templates put around thoughts. */
const TAG =
  '(?:\\w{1,20}[:_])?(?:think|thinking|thoughts?|reasoning|reflection|scratchpad|monologue|antthinking)(?:_process)?'
const ATTRIBUTES = '(?:[ \\t][^<>\\n]{0,200})?'

interface Notation {
  open: string
  close: string
  /** Some templates have the opening mark in the prompt: an answer then has the closing one alone. */
  isOpenedInPrompt: boolean
}

/** Of DeepSeek, Qwen and most others; Magistral; Kimi; OpenThinker; Cohere; Open WebUI; gpt-oss (harmony). */
const NOTATIONS: readonly Notation[] = [
  { open: `<${TAG}${ATTRIBUTES}>`, close: `</${TAG}[ \\t]{0,5}>`, isOpenedInPrompt: true },
  { open: '\\[THINK\\]', close: '\\[/THINK\\]', isOpenedInPrompt: true },
  { open: '◁think▷', close: '◁/think▷', isOpenedInPrompt: true },
  { open: '<\\|begin_of_thought\\|>', close: '<\\|end_of_thought\\|>', isOpenedInPrompt: true },
  { open: '<\\|START_THINKING\\|>', close: '<\\|END_THINKING\\|>', isOpenedInPrompt: true },
  { open: `<details[ \\t]{1,5}type="reasoning"${ATTRIBUTES}>`, close: '</details>', isOpenedInPrompt: false },
  {
    open: '<\\|channel\\|>[ \\t]{0,5}(?:analysis|commentary)[^<>\\n]{0,100}<\\|message\\|>',
    close: '<\\|(?:end|call)\\|>|<\\|channel\\|>[ \\t]{0,5}final[^<>\\n]{0,100}<\\|message\\|>',
    isOpenedInPrompt: false,
  },
]
/** Marks around an answer, which say nothing to a person. */
const WRAPPER =
  '<\\|start\\|>assistant|<\\|channel\\|>[ \\t]{0,5}final[^<>\\n]{0,100}<\\|message\\|>|<\\|(?:return|end|begin_of_solution|end_of_solution|START_RESPONSE|END_RESPONSE)\\|>'

const IN_TEXT = new RegExp(
  [
    ...NOTATIONS.map(({ open }, index) => `(?<open${index}>${open})`),
    `(?<wrapper>${WRAPPER})`,
    `(?<close>${NOTATIONS.flatMap(({ close, isOpenedInPrompt }) => (isOpenedInPrompt ? [close] : [])).join('|')})`,
  ].join('|'),
  'i',
)
const IN_THOUGHT = NOTATIONS.map(({ open, close }) => new RegExp(`(?<open>${open})|(?<close>${close})`, 'i'))
/** The end of a text that may go on as one of the marks, or as a run of backticks. */
const UNFINISHED =
  /(?:<\|channel\|>[^<>\n]{0,120}(?:<[^<>\n]{0,12})?|<\|start\|>[a-z]{0,12}|<[^<>\n]{0,260}|\[\/?[a-z]{0,6}|◁\/?[a-z]{0,6}|`+|~+)$/i
/** No mark is longer. */
const MAX_UNFINISHED = 300
/** Of what is held back; more than a reply may have. */
const MAX_HELD = 200_000

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
 * Takes a model's thoughts out of its answer while it streams: the same text is left however it is cut into pieces. Marks inside of
 * Markdown's code are left alone. Thoughts that never end, because the answer was cut, are left out to the end; a mark that a sentence
 * names and that nothing closes is text.
 */
export class ThoughtFilter {
  readonly #code = new CodeTracker()
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

  push(delta: string): FilteredText {
    this.#pending += delta
    const unfinished = UNFINISHED.exec(this.#pending.slice(-MAX_UNFINISHED))?.[0].length ?? 0
    this.#read(unfinished)
    return this.#take()
  }

  /** The rest, at the end of the answer. What is held back of one that was cut (`isCut`) may be thoughts, and is left out. */
  end({ isCut = false }: { isCut?: boolean } = {}): FilteredText {
    this.#read(0)
    if (isCut || this.#afterClose !== null) this.#held = null
    this.#release()
    if (this.#afterClose !== null) this.#out += this.#afterClose
    else if (!isCut && this.#mention !== null && GOES_ON.test(this.#mention.behind))
      this.#out += this.#mention.mark + this.#mention.behind
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

  #markInText(mark: string, { wrapper, close, ...opened }: Record<string, string | undefined>): void {
    const isOpening = wrapper === undefined && close === undefined
    // Thoughts that are held back may have a fence that nobody closed.
    const mayEndHeld = close !== undefined && this.#held !== null && !this.#showsMarks
    if (this.#code.isInside && !mayEndHeld) {
      this.#showsMarks ||= isOpening
      this.#say(mark)
    } else if (close !== undefined) {
      this.#closeUnopened()
    } else if (isOpening) {
      if (MID_SENTENCE.test(this.#tail)) this.#mention = { mark, behind: '' }
      else this.#release()
      this.#notation = NOTATIONS.findIndex((_notation, index) => opened[`open${index}`] !== undefined)
      this.#hadThought = true
      this.#depth = 1
    }
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
    this.#notation = null
    this.#afterClose = null
    // Thoughts that are held back may name the mark that begins them: with the closing one all of them are over.
    this.#held = null
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
  }

  #say(text: string): void {
    this.#code.read(text)
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
