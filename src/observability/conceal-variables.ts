/** A shorter value is no secret, and is part of too many words. */
const SHORTEST = 8

/**
 * The text with `${NAME}` in place of the value of each of these environment variables, where it stands as a word of its own. Values
 * of less than 8 characters stay.
 */
export function concealVariables(text: string, variables: Readonly<Record<string, string>>): string {
  let concealed = text
  // A value may be part of a longer one.
  const longestFirst = Object.entries(variables).toSorted(([, one], [, other]) => other.length - one.length)
  for (const [name, value] of longestFirst) {
    if (value.length >= SHORTEST && concealed.includes(value)) concealed = replaceWord(concealed, value, name)
  }
  return concealed
}

function replaceWord(text: string, value: string, name: string): string {
  const isWordAt = (index: number): boolean =>
    !/[\p{L}\p{N}]/u.test(text.charAt(index - 1)) && !/[\p{L}\p{N}]/u.test(text.charAt(index + value.length))
  let from = 0
  let result = ''
  for (let at = text.indexOf(value); at !== -1; at = text.indexOf(value, at + 1)) {
    if (at < from || !isWordAt(at)) continue
    result += `${text.slice(from, at)}\${${name}}`
    from = at + value.length
  }
  return result + text.slice(from)
}
