import type { ReplyItem } from '../../agents/agent.ts'
import { clusterBoundary } from '../../text/graphemes.ts'
import { ParagraphBuffer } from '../../text/paragraph-buffer.ts'
import type { TextReader } from '../../text/text-reader.ts'
import type { AnswerPiece } from './answer-piece.ts'
import type { ReadyItem } from './items/item-preparation.ts'
import { MAX_REPLY_LENGTH } from './reply-text.ts'

/** A paragraph waits this long for more: an assistant that is done by then answers in one message. */
const SETTLE_MS = 250
/** At least this between two messages of a reply. */
const BETWEEN_PARTS_MS = 1_000
const CUT_MARK = '…'
const MAX_WORD_LENGTH = 1_024
const MAX_LENGTH_UNCUT = MAX_REPLY_LENGTH - CUT_MARK.length
/** Files and other items of one answer; what is more is left out. */
export const MAX_ITEMS = 30

/** What shows a message, whatever is in it. */
const SHOWN: ReadonlySet<ReadyItem['kind']> = new Set(['content', 'text'])

export interface AnswerBuilderDependencies {
  reader: TextReader
  /** Paragraphs and items at the start of the reply that went out before a crash. */
  skip: number
  /** Takes whole pieces while the reply goes on; `null` collects the whole reply. */
  pieces: ((piece: AnswerPiece) => void) | null
  /** When it takes words; `null`: as they come. */
  coalesce: { minChars: number; maxChars: number; idleMs: number } | null
  /** `pieces` threw this, from a timer. */
  failed: (error: unknown) => void
}

/**
 * Puts an answer together as it comes: words to paragraphs, and items between them, in order. The same answer gives the same pieces however
 * its words were cut, so that what went out before a crash can be left out by its count.
 */
export class AnswerBuilder {
  readonly #deps: AnswerBuilderDependencies
  /** The words under way. */
  #words: ParagraphBuffer
  /** Whole pieces before them that are not handed out. */
  #pieces: AnswerPiece[] = []
  /** What the agent wants quoted by the next piece that is a message. */
  #quotes: string | null = null
  #items = 0
  #skip: number
  /** Characters that may still come. */
  #room = MAX_LENGTH_UNCUT
  #hasNewLine = false
  #timer: NodeJS.Timeout | null = null
  /** Whether the timer waits for the assistant to pause. */
  #isIdling = false
  #betweenParts = SETTLE_MS

  constructor(deps: AnswerBuilderDependencies) {
    this.#deps = deps
    this.#skip = deps.skip
    this.#words = new ParagraphBuffer(deps.reader)
  }

  /** False where the answer is longer than any that is sent: it is cut there, and complete. */
  say(text: string): boolean {
    if (text.length > this.#room) {
      const kept = cutAtWord(this.#words.rest() + text.slice(0, clusterBoundary(text, this.#room)))
      this.#beginWords()
      this.#words.push(kept + CUT_MARK)
      return false
    }
    this.#room -= text.length
    this.#words.push(text)
    this.#hasNewLine ||= text.includes('\n')
    return true
  }

  /** All words that were said before were thoughts; a paragraph of them that is out stays out. */
  retract(): void {
    this.#beginWords()
    this.#pieces = this.#pieces.filter(({ kind }) => kind === 'item')
    this.#room = MAX_LENGTH_UNCUT
  }

  /** The next message quotes this one. */
  quote(messageId: string): void {
    this.#closeWords()
    this.#release()
    this.#quotes = messageId
  }

  /** An item comes: the words before it are whole. Whether it is to be made ready, or went out before, or is one too many. */
  beginItem(type: ReplyItem['type']): 'wanted' | 'out' | 'too many' {
    this.#closeWords()
    this.#release()
    if (this.#items >= MAX_ITEMS) return 'too many'
    this.#items += 1
    if (this.#skip === 0) return 'wanted'
    this.#skip -= 1
    if (type !== 'reaction' && type !== 'contact_field') this.#quotes = null
    return 'out'
  }

  add(item: ReadyItem): void {
    const { reader } = this.#deps
    // What shows no message quotes nothing.
    const isShown = SHOWN.has(item.kind) || (item.kind === 'unusable' && item.caption !== '')
    this.#pieces.push({ kind: 'item', item, reader, count: 1, quotes: isShown ? this.#takeQuotes() : null })
    this.#release()
  }

  /** Words may be handed out soon. */
  schedule(): void {
    const { pieces, coalesce } = this.#deps
    const hasNewLine = this.#hasNewLine
    this.#hasNewLine = false
    if (pieces === null || !this.#words.mayHaveParagraph) return
    if (coalesce === null || this.#words.length >= coalesce.maxChars) {
      if (this.#timer !== null && !this.#isIdling) return
      this.#clearTimer()
      this.#timer = setTimeout(() => this.#handOut(0), this.#betweenParts)
      this.#isIdling = false
    } else if (coalesce.idleMs > 0 && (this.#timer === null || (this.#isIdling && hasNewLine))) {
      // Each further line begins the wait anew.
      this.#clearTimer()
      const waitMs = Math.max(coalesce.idleMs, this.#betweenParts)
      this.#timer = setTimeout(() => this.#handOut(coalesce.minChars), waitMs)
      this.#isIdling = true
    }
  }

  /** Everything that was not handed out; nothing comes any more. */
  rest(): readonly AnswerPiece[] {
    this.#closeWords()
    return this.#pieces
  }

  stop(): void {
    this.#clearTimer()
  }

  #clearTimer(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
  }

  #beginWords(): void {
    this.#clearTimer()
    this.#words = new ParagraphBuffer(this.#deps.reader)
  }

  #closeWords(): void {
    const { reader } = this.#deps
    const text = this.#words.rest()
    this.#beginWords()
    const ends = [...reader.paragraphEnds(text)]
    if (text.slice(ends.at(-1) ?? 0).trim() !== '') ends.push(text.length)
    const skipped = this.#skipped(ends.length)
    const words = text.slice(skipped === 0 ? 0 : ends[skipped - 1])
    const count = ends.length - skipped
    if (count > 0)
      this.#pieces.push({ kind: 'words', text: words, reader, count, quotes: this.#takeQuotes() })
  }

  /** Those of so many paragraphs that went out before. */
  #skipped(count: number): number {
    const skipped = Math.min(this.#skip, count)
    this.#skip -= skipped
    if (skipped > 0) this.#quotes = null
    return skipped
  }

  #takeQuotes(): string | null {
    const quotes = this.#quotes
    this.#quotes = null
    return quotes
  }

  /** Hands out what is whole, where the reply is not collected. */
  #release(): void {
    const { pieces } = this.#deps
    if (pieces === null || this.#pieces.length === 0) return
    this.#betweenParts = BETWEEN_PARTS_MS
    for (const piece of this.#pieces.splice(0)) pieces(piece)
  }

  #handOut(minChars: number): void {
    this.#timer = null
    const { reader, coalesce, failed } = this.#deps
    const { text, ends } = this.#words.take(minChars)
    const skipped = this.#skipped(ends.length)
    const start = skipped === 0 ? 0 : (ends[skipped - 1] ?? 0)
    for (const [from, until, count] of together(start, ends.slice(skipped), coalesce?.maxChars ?? Infinity))
      this.#pieces.push({
        kind: 'words',
        text: text.slice(from, until),
        reader,
        count,
        quotes: this.#takeQuotes(),
      })
    try {
      this.#release()
    } catch (error) {
      failed(error)
    }
  }
}

/** The paragraphs that end there, put together as long as they have no more characters than that: from, until, and how many they are. */
function together(
  start: number,
  ends: readonly number[],
  maxChars: number,
): [from: number, until: number, count: number][] {
  const pieces: [from: number, until: number, count: number][] = []
  for (const end of ends) {
    const last = pieces.at(-1)
    if (last !== undefined && end - last[0] <= maxChars) {
      last[1] = end
      last[2] += 1
    } else pieces.push([last?.[1] ?? start, end, 1])
  }
  return pieces
}

/** Without the word that is cut at its end, where that has a usual length. */
function cutAtWord(text: string): string {
  const lastWord = /\s+\S*$/.exec(text.slice(-MAX_WORD_LENGTH))?.[0] ?? ''
  return text.slice(0, text.length - lastWord.length)
}
