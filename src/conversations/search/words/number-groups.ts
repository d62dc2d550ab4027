import type { Run, RunCharacter } from './split-runs.ts'

/** Digits of one number, whatever stands between their groups: a telephone number, the number of an order, a date. */
export interface NumberGroup {
  text: string
  digits: RunCharacter[]
}

/** The ends of a number that can be searched are at least so long: the last four digits of a telephone number. */
export const SHORTEST_END = 4
const SHORTEST = 5
/** More than any telephone number with its country has, and any date with its time. */
const LONGEST = 24
const BETWEEN_GROUPS = /^[\s\-‐‑–./()]{1,3}$/u

/** The numbers in a text that has these runs. */
export function numberGroups(text: string, runs: readonly Run[]): NumberGroup[] {
  const groups: NumberGroup[] = []
  let digits: RunCharacter[] = []
  const close = (): void => {
    if (digits.length >= SHORTEST && digits.length <= LONGEST)
      groups.push({ text: digits.map(({ text: digit }) => digit).join(''), digits })
    digits = []
  }
  for (const { kind, characters } of runs) {
    const [first] = characters
    const last = digits.at(-1)
    const isNext =
      kind === 'digit' &&
      first !== undefined &&
      (last === undefined || BETWEEN_GROUPS.test(text.slice(last.end, first.start)))
    if (!isNext) close()
    if (kind === 'digit') for (const digit of characters) digits.push(digit)
  }
  close()
  return groups
}
