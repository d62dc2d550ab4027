import type { StateInline } from 'markdown-it'

type Scanned = ReturnType<StateInline['scanDelims']>
type StateClass = typeof StateInline

/** Scripts that put no space around an emphasised word; Korean puts particles behind it. */
const SPACELESS =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u
const WORD = /[\p{L}\p{N}]/u
const LETTER = /\p{L}/u
const OPENING_PUNCTUATION = /[\p{Ps}\p{Pi}"'“‘「『（【《]/u
/** Ends an emphasised piece: `**Note:**`, `**显示：**`. */
const CLOSING_PUNCTUATION = /[\p{Pe}\p{Pf}.,:;!?%…。，、：；！？·]/u
/**
 * Part of a word in bold (`un**believ**able`), which a formula (`a**b + c**d`, `x**2`) is not. Other scripts than Latin have prefixes of
 * one letter (`в**Москве**`).
 */
const BOLD_IN_WORD =
  /(?<=\p{L}{2}|(?!\p{Script=Latin})\p{L})\*\*(?:[\p{L}\p{M}]{2,}\*\*|\p{L}[\p{L}\p{M} '’״׳-]*[\p{L}\p{M}]\*\*(?![\p{L}\p{N}]))/uy
const STAR = 0x2a
const UNDERSCORE = 0x5f

/**
 * Where the marks of emphasis open and close, for markdown-it. CommonMark's rule, with two changes. Beside a script without
 * spaces punctuation does not count: `**显示：**后` and `重点**「引用」**后` are bold. Between two Latin letters or digits a
 * star is no mark: `2*3*4`, `x**2 + y**2`.
 */
export function withTextMarks(Base: StateClass): StateClass {
  return class extends Base {
    override scanDelims(start: number, canSplitWord: boolean): Scanned {
      const scanned = super.scanDelims(start, canSplitWord)
      const marker = this.src.charCodeAt(start)
      if (marker === UNDERSCORE) return scanned
      const before = characterBefore(this.src, start)
      const after = String.fromCodePoint(this.src.codePointAt(start + scanned.length) ?? 0x20)
      if (marker === STAR && isLatinWord(before) && isLatinWord(after)) {
        const can_open = scanned.length === 2 && isBoldInWord(this.src, start)
        return { ...scanned, can_open }
      }
      return { ...scanned, ...besidePunctuation(scanned, before, after) }
    }
  }
}

function besidePunctuation(
  { can_open, can_close, length }: Scanned,
  before: string,
  after: string,
): Pick<Scanned, 'can_open' | 'can_close'> {
  const opens = OPENING_PUNCTUATION.test(after) && SPACELESS.test(before)
  // A single star beside a Latin letter may be a multiplication.
  const isWord = SPACELESS.test(after) || (length > 1 && LETTER.test(after))
  const closes = CLOSING_PUNCTUATION.test(before) && isWord
  return { can_open: can_open || opens, can_close: can_close || closes }
}

function characterBefore(text: string, position: number): string {
  return Array.from(text.slice(Math.max(0, position - 2), position)).at(-1) ?? ' '
}

function isLatinWord(character: string): boolean {
  return WORD.test(character) && !SPACELESS.test(character)
}

function isBoldInWord(text: string, start: number): boolean {
  BOLD_IN_WORD.lastIndex = start
  return BOLD_IN_WORD.test(text)
}

/** Whether a character belongs to a script that puts no space around an emphasised word. */
export function isSpaceless(character: string): boolean {
  return SPACELESS.test(character)
}
