import { cutWord } from './cut-word.ts'
import { numberGroups, SHORTEST_END } from './number-groups.ts'
import { splitRuns } from './split-runs.ts'

/**
 * Under which words a text stands in the index, each once. A run of a script without spaces stands there by every two characters that
 * are neighbours, and by its last one, so that any part of it is found; a number stands there by all of its longer ends, too.
 * `text` must be in Unicode's form NFC.
 */
export function indexWords(text: string): Set<string> {
  const words = new Set<string>()
  const runs = splitRuns(text)
  for (const { kind, text: run, characters } of runs) {
    if (kind !== 'dense') {
      words.add(cutWord(run))
      continue
    }
    for (const [index, { text: character }] of characters.entries())
      words.add(cutWord(character + (characters[index + 1]?.text ?? '')))
  }
  for (const { text: number } of numberGroups(text, runs))
    for (let start = 0; start <= number.length - SHORTEST_END; start += 1) words.add(number.slice(start))
  return words
}
