/** In a shorter word one other letter makes another word: `/step`, `/news`. */
const LONG_WORD = 6
/** Of two letters every other word is one slip away: `/on`. */
const SHORTEST = 3

/**
 * Whether `word` is `name` with one slip of the thumb: two neighbours swapped, or inside of it one letter missing or doubled; in a long
 * name also one letter replaced or added inside. Narrow, because an assistant has commands of its own: `/mode` is not `/model`.
 */
export function isSlip(word: string, name: string): boolean {
  if (name.length < SHORTEST) return false
  const at = firstDifference(word, name)
  const [rest, nameRest] = [word.slice(at), name.slice(at)]
  const isLong = name.length >= LONG_WORD
  const isInside = at > 0 && rest.length > 1 && nameRest.length > 1
  if (word.length === name.length) {
    const isSwapped = rest.length > 1 && rest.slice(0, 2) === `${nameRest[1]}${nameRest[0]}`
    return isSwapped
      ? rest.slice(2) === nameRest.slice(2)
      : isLong && isInside && rest.slice(1) === nameRest.slice(1)
  }
  if (word.length === name.length - 1)
    return name.length > 3 && at > 0 && rest !== '' && rest === nameRest.slice(1)
  if (word.length !== name.length + 1 || rest.slice(1) !== nameRest) return false
  return rest[0] === word[at - 1] || (isLong && at > 0 && nameRest !== '')
}

/** Where the two begin to differ; at most the length of the shorter. */
function firstDifference(one: string, other: string): number {
  let index = 0
  while (index < one.length && one[index] === other[index]) index += 1
  return index
}
