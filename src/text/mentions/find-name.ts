/** Letters, digits, and what belongs to the letter before it; also the joiners inside of words of some scripts. */
const WORD = /[\p{L}\p{M}\p{N}\p{Pc}\p{Join_Control}]/u
/** What changes the letter before it, so that the word is another one. */
const MARK = /[\p{M}\p{Join_Control}]/u
/** Scripts that put no spaces between words, or particles at their end. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\p{Script=Tibetan}\p{Script=Javanese}\p{Script=Balinese}]/u
/** Long vowels of Japanese, which belong to several scripts. */
const LONG_VOWEL = 'ー'

/** What equal names have in common: no difference of case, width, or of how an accent is composed; spaces are one space. */
export function foldedText(text: string): string {
  return (
    text
      .normalize('NFKC')
      .toUpperCase()
      .toLowerCase()
      // The end of a Greek word has a letter of its own, and Turkish a dot that other languages do not write.
      .replaceAll('ς', 'σ')
      .replaceAll('i\u0307', 'i')
      .normalize('NFKC')
      .replaceAll(/\s+/g, ' ')
  )
}

/**
 * Whether `text` has `name` as a whole word, both folded. Where a script writes words without spaces, a name may stand between any
 * two letters.
 */
export function hasName(text: string, name: string): boolean {
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    const before = lastCharacter(text.slice(Math.max(0, at - 2), at))
    const after = firstCharacter(text.slice(at + name.length, at + name.length + 2))
    if (isBoundary(before, firstCharacter(name)) && isBoundary(lastCharacter(name), after)) return true
  }
  return false
}

/** Whether one word can end, or another begin, between these two characters; an empty one is the end of the text. */
function isBoundary(left: string, right: string): boolean {
  if (MARK.test(right) && WORD.test(left)) return false
  if (!WORD.test(left) || !WORD.test(right)) return true
  return isUnspaced(left) || isUnspaced(right)
}

function isUnspaced(character: string): boolean {
  return character === LONG_VOWEL || UNSPACED.test(character)
}

function firstCharacter(text: string): string {
  const [first = ''] = text
  return first
}

function lastCharacter(text: string): string {
  return Array.from(text).at(-1) ?? ''
}
