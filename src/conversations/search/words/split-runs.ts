import { type CharacterKind, foldCharacter } from './fold-character.ts'

/** Characters of one kind that stand together. */
export interface Run {
  kind: CharacterKind
  /** What they are compared as, together. */
  text: string
  characters: RunCharacter[]
}

export interface RunCharacter {
  text: string
  /** Where it is in the text that was split, in UTF-16 code units. */
  start: number
  end: number
}

/** One character with the marks that belong to it; the half-wide marks of Japanese are letters to Unicode. */
const CHARACTER = /[^\p{M}\uff9e\uff9f][\p{M}\uff9e\uff9f]*|[\p{M}\uff9e\uff9f]+/gu

/**
 * The words of a text, in their order. `text` must be in Unicode's form NFC. Runs of a script without spaces are not taken apart; what is
 * part of such a run is found by its neighbours.
 */
export function splitRuns(text: string): Run[] {
  const runs: Run[] = []
  let open: Run | null = null
  for (const { 0: character, index: start } of text.matchAll(CHARACTER)) {
    const { kind, text: folded } = foldCharacter(character)
    if (kind !== null && folded === '') continue
    if (kind === null) {
      open = null
      continue
    }
    if (open === null || open.kind !== kind || kind === 'sign') {
      open = { kind, text: '', characters: [] }
      runs.push(open)
    }
    open.text += folded
    const end = start + character.length
    // Some become several: ß, a ligature, a unit in one character.
    for (const text of folded.length === 1 ? [folded] : (folded.match(CHARACTER) ?? []))
      open.characters.push({ text, start, end })
  }
  return runs
}
