import { cutWord } from './cut-word.ts'
import { type Run, splitRuns } from './split-runs.ts'

/** Something that must be in a text: one run, or several that follow each other (`anna@example`). The last one may be a beginning. */
export type Term = readonly Pick<Run, 'kind' | 'text' | 'characters'>[]

/** What a person looks for: a text fits where it has every term of one of these lists. */
export type SearchWords = readonly (readonly Term[])[]

const MAX_TERMS = 16
/** Of all terms together. */
const MAX_RUNS = 48
/** A number that a person writes in groups is looked for as one, too. */
const SHORTEST_NUMBER = 6
const NUMBER = /^[\p{Nd}\s+\-‐‑–./()]+$/u

/** Reads a person's words; none of their characters has a meaning of its own. Empty where nothing can be looked for. */
export function searchWords(words: string): SearchWords {
  const text = words.normalize('NFC')
  let room = MAX_RUNS
  const terms: Term[] = []
  for (const part of text.split(/\s+/u)) {
    const term = splitRuns(part).slice(0, room)
    if (terms.length === MAX_TERMS) break
    if (term.length > 0) terms.push(term)
    room -= term.length
  }
  if (terms.length === 0) return []
  const number = asNumber(text)
  return number === null ? [terms] : [terms, [number]]
}

/** A number without its groups, and without the zeros in front, which stand in the place of a country's code. */
function asNumber(text: string): Term | null {
  if (!NUMBER.test(text)) return null
  const runs = splitRuns(text)
  const digits = runs.flatMap(({ characters }) => characters)
  const written = digits.map(({ text: digit }) => digit).join('')
  const zeros = /^0*/.exec(written)?.[0].length ?? 0
  if (written.length - zeros < SHORTEST_NUMBER || (runs.length === 1 && zeros === 0)) return null
  return [{ kind: 'digit', text: written.slice(zeros), characters: digits.slice(zeros) }]
}

/** The expression of FTS5 that finds at least everything that `findHits` finds. Every word in it is quoted. */
export function matchExpression(words: SearchWords): string {
  return words.map((terms) => `(${terms.flatMap(termWords).join(' AND ')})`).join(' OR ')
}

function termWords(term: Term): string[] {
  return term.flatMap(({ kind, text, characters }, index) => {
    const isLast = index === term.length - 1
    if (kind === 'dense') return neighbours(characters)
    // Half of all messages have a word that begins with an e: what stands before it is looked up alone.
    if (isLast && isSingle(text) && term.length > 1) return []
    return [quoted(text, isLast && !isSingle(text))]
  })
}

/** A letter or a digit by itself is looked for as a whole word. */
export function isSingle(text: string): boolean {
  return text.length === 1
}

function neighbours(characters: Run['characters']): string[] {
  const [first] = characters
  if (first !== undefined && characters.length === 1) return [quoted(first.text, true)]
  return characters
    .slice(1)
    .map(({ text }, place) => quoted((characters[place]?.text ?? '') + text, place === characters.length - 2))
}

function quoted(word: string, isBeginning: boolean): string {
  return `"${cutWord(word)}"${isBeginning ? '*' : ''}`
}
