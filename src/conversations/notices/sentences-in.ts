import type { Language } from '../../protocol/config/languages.ts'
import { arabic } from './languages/arabic.ts'
import { french } from './languages/french.ts'
import { german } from './languages/german.ts'
import { hindi } from './languages/hindi.ts'
import { indonesian } from './languages/indonesian.ts'
import { portuguese } from './languages/portuguese.ts'
import { spanish } from './languages/spanish.ts'
import { SENTENCES, type Sentences, type Translation } from './sentences.ts'

/** A language that lacks a sentence has the English one. */
export const TRANSLATIONS: Readonly<Record<Language, Translation>> = {
  en: SENTENCES,
  de: german,
  es: spanish,
  pt: portuguese,
  fr: french,
  id: indonesian,
  hi: hindi,
  ar: arabic,
}
const RIGHT_TO_LEFT: ReadonlySet<Language> = new Set(['ar'])
const RIGHT_TO_LEFT_LETTER =
  /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u
/** https://www.unicode.org/reports/tr9/#Explicit_Directional_Isolates */
const FIRST_STRONG_ISOLATE = '\u2068'
const POP_ISOLATE = '\u2069'

const tables = new Map<Language, Sentences>()

/**
 * Every sentence of the daemon's own in this language. What is inserted keeps its own direction, and does not turn the words around it:
 * a Latin name in Arabic, and the other way round.
 */
export function sentencesIn(language: Language): Sentences {
  const known = tables.get(language)
  if (known !== undefined) return known
  const table = { ...SENTENCES, ...TRANSLATIONS[language] }
  const isolating = Object.entries(table).map(([key, sentence]) => [
    key,
    typeof sentence === 'string' ? sentence : withIsolates(sentence, RIGHT_TO_LEFT.has(language)),
  ])
  // The same keys, each with a sentence of the same shape.
  const sentences = Object.fromEntries(isolating) as Sentences
  tables.set(language, sentences)
  return sentences
}

/** Shown by itself in a line of the language, such as a name in a list. */
function isolated(text: string, isRightToLeft: boolean): string {
  return isRightToLeft || RIGHT_TO_LEFT_LETTER.test(text)
    ? `${FIRST_STRONG_ISOLATE}${text}${POP_ISOLATE}`
    : text
}

type Insert = string | number

function withIsolates(
  sentence: Extract<Sentences[keyof Sentences], (...inserts: never[]) => string>,
  isRightToLeft: boolean,
) {
  // Each sentence is called with what its own type asks for.
  const compose = sentence as (...inserts: Insert[]) => string
  return (...inserts: Insert[]): string =>
    compose(...inserts.map((each) => (typeof each === 'string' ? isolated(each, isRightToLeft) : each)))
}
