/** How a character takes part in words: one of a word, one of a script that is written without spaces, a digit, or a sign that is a word alone. */
export type CharacterKind = 'letter' | 'dense' | 'digit' | 'sign'

export interface FoldedCharacter {
  /** `null`: it separates words. An empty text with a kind is passed over, as if it were not there. */
  kind: CharacterKind | null
  /** What it is compared as: without case, accents and other forms of the same character. */
  text: string
}

/** Scripts that put no spaces between words, or (Korean) hang particles and other words onto one. */
const DENSE =
  /[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Hangul}\p{scx=Bopomofo}\p{scx=Yi}\p{scx=Thai}\p{scx=Lao}\p{scx=Khmer}\p{scx=Myanmar}\p{scx=Tibetan}\p{scx=Tai_Le}\p{scx=New_Tai_Lue}\p{scx=Tai_Tham}\p{scx=Tai_Viet}\p{scx=Javanese}\p{scx=Balinese}]/u
/**
 * Accents of Latin, Greek and Cyrillic, points of Hebrew, vowels of Arabic and its lengthening stroke, the dot below of Indic letters,
 * variation selectors. Not the vowels of Indic and Thai, which are as much of a word as its letters.
 */
const ACCENTS = new RegExp(
  String.raw`[\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed\u093c\u09bc\u0a3c\u0abc\u0b3c\u0cbc\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f]`,
  'gu',
)
/** Characters that Unicode does not take apart, and that people write as one or the other. */
const SAME: Readonly<Record<string, string>> = {
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  ħ: 'h',
  ŧ: 't',
  æ: 'ae',
  œ: 'oe',
  þ: 'th',
  ı: 'i',
  ς: 'σ',
  ى: 'ي',
  ی: 'ي',
  ة: 'ه',
  ک: 'ك',
}
const SAME_CHARACTERS = new RegExp(`[${Object.keys(SAME).join('')}]`, 'gu')
const SIGN = /^[\p{Extended_Pictographic}\p{Regional_Indicator}]/u
/** Joins and hyphens that are not seen, and marks that stand alone. */
const UNSEEN = /^[\p{Cf}\p{M}\u0640]+$/u
const NOT_IN_WORDS = /[^\p{L}\p{M}\p{N}]/gu
/** Enough for the characters of any two languages. */
const MAX_REMEMBERED = 8_192

const remembered = new Map<string, FoldedCharacter>()

/** What a character with its marks is in a search. Pure: of one version of Unicode (`process.versions.unicode`), always the same. */
export function foldCharacter(character: string): FoldedCharacter {
  const known = remembered.get(character)
  if (known !== undefined) return known
  const folded = fold(character)
  // A character may have any number of marks.
  if (character.length <= 8) {
    if (remembered.size >= MAX_REMEMBERED) remembered.clear()
    remembered.set(character, folded)
  }
  return folded
}

function fold(character: string): FoldedCharacter {
  if (UNSEEN.test(character)) return { kind: 'letter', text: '' }
  // Before it is decomposed: ™ is a sign to Unicode, and two letters to everybody else.
  const plain = character.normalize('NFKD').replaceAll(ACCENTS, '').normalize('NFC')
  if (SIGN.test(plain)) return { kind: 'sign', text: plain }
  const text = plain
    // Upper case first: ß and SS are the same word.
    .toUpperCase()
    .toLowerCase()
    .replaceAll(SAME_CHARACTERS, (same) => SAME[same] ?? same)
    .replaceAll(/\p{Nd}/gu, decimal)
    .replaceAll(NOT_IN_WORDS, '')
  if (text === '') return { kind: null, text }
  if (/^\d/.test(text)) return { kind: 'digit', text: text.replaceAll(/\D/g, '') }
  return { kind: DENSE.test(text) ? 'dense' : 'letter', text }
}

/** The digits of every script stand in rows of ten, from zero to nine. */
function decimal(digit: string): string {
  const code = digit.codePointAt(0) ?? 0
  let value = 0
  while (value < 9 && /^\p{Nd}$/u.test(String.fromCodePoint(code - value - 1))) value += 1
  return String(value)
}
