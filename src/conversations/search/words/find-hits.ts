import { numberGroups, SHORTEST_END } from './number-groups.ts'
import { type Run, type RunCharacter, splitRuns } from './split-runs.ts'
import { isSingle, type SearchWords, type Term } from './search-words.ts'

/** A part of a text, in UTF-16 code units. */
export interface TextRange {
  start: number
  end: number
}

/** Of one text: what is shown of it has no room for more. */
const MAX_HITS = 100

/** Where a text has what is looked for, in its order and without overlaps; `null` where it does not fit. `text` must be in Unicode's form NFC. */
export function findHits(text: string, words: SearchWords): TextRange[] | null {
  const runs = splitRuns(text)
  const numbers = numberGroups(text, runs).map(({ text: number, digits }) => ({
    kind: 'digit' as const,
    text: number,
    characters: digits,
  }))
  const found = words.flatMap((terms) => {
    const places = terms.map((term) => [
      ...runs.flatMap((_, index) => placesFrom(runs, index, term)),
      ...(term.length === 1 ? numbers.flatMap((number) => placesInNumber(number, term)) : []),
    ])
    return places.every(({ length }) => length > 0) ? [places.flat()] : []
  })
  return found.length === 0 ? null : merged(found.flat())
}

/** Where a term is that begins in the run at `index`. */
function placesFrom(runs: readonly Run[], index: number, term: Term): TextRange[] {
  const [first] = term
  const run = runs[index]
  if (first === undefined || run === undefined || run.kind !== first.kind) return []
  if (term.length === 1) {
    if (run.kind === 'dense') return partsOf(run, first.text)
    return isSingle(first.text) && run.text !== first.text ? [] : beginningOf(run, first.text)
  }
  const start = run.kind === 'dense' ? endingOf(run, first.text) : wholeOf(run, first.text)
  if (start === undefined) return []
  const places = [start]
  for (const [offset, wanted] of term.entries()) {
    if (offset === 0) continue
    const next = runs[index + offset]
    if (next === undefined || next.kind !== wanted.kind) return []
    const place = offset === term.length - 1 ? beginningOf(next, wanted.text)[0] : wholeOf(next, wanted.text)
    if (place === undefined) return []
    places.push(place)
  }
  return places
}

function placesInNumber(number: Pick<Run, 'kind' | 'text' | 'characters'>, [wanted]: Term): TextRange[] {
  if (wanted === undefined || wanted.kind !== 'digit' || isSingle(wanted.text)) return []
  return partsOf(number, wanted.text, number.text.length - SHORTEST_END)
}

const beginningOf = (run: Run, text: string): TextRange[] => partsOf(run, text, 0)

const wholeOf = (run: Run, text: string): TextRange | undefined =>
  run.text === text ? beginningOf(run, text)[0] : undefined

function endingOf(run: Run, text: string): TextRange | undefined {
  if (!run.text.endsWith(text)) return undefined
  const index = startsOf(run).get(run.text.length - text.length)
  return index === undefined ? undefined : rangeOf(run.characters, index, text.length)
}

/** Where `wanted` begins in a run, at its folded position `last` at most. It begins with a character, and may end within one. */
function partsOf(run: Pick<Run, 'text' | 'characters'>, wanted: string, last = run.text.length): TextRange[] {
  let at = run.text.indexOf(wanted)
  if (at === -1 || at > last) return []
  const starts = startsOf(run)
  const places: TextRange[] = []
  while (at !== -1 && at <= last && places.length < MAX_HITS) {
    const index = starts.get(at)
    if (index !== undefined) places.push(rangeOf(run.characters, index, wanted.length))
    at = run.text.indexOf(wanted, at + 1)
  }
  return places
}

/** By the folded position at which a character begins, its place in the run. */
function startsOf({ characters }: Pick<Run, 'characters'>): ReadonlyMap<number, number> {
  const starts = new Map<number, number>()
  let length = 0
  for (const [index, { text }] of characters.entries()) {
    starts.set(length, index)
    length += text.length
  }
  return starts
}

function rangeOf(characters: readonly RunCharacter[], from: number, length: number): TextRange {
  const first = characters[from]
  let [last, rest] = [from, length]
  while (rest > 0 && last < characters.length) {
    rest -= characters[last]?.text.length ?? 0
    last += 1
  }
  return { start: first?.start ?? 0, end: characters[last - 1]?.end ?? 0 }
}

function merged(ranges: readonly TextRange[]): TextRange[] {
  const kept: TextRange[] = []
  for (const range of ranges.toSorted((one, other) => one.start - other.start)) {
    const last = kept.at(-1)
    if (last !== undefined && range.start < last.end) last.end = Math.max(last.end, range.end)
    else kept.push({ ...range })
  }
  return kept.slice(0, MAX_HITS)
}
