/** What stands in the middle of a line, as a sentence by itself. */
export function sentence(text: string): string {
  return /[.!?]$/.test(text) ? capitalized(text) : `${capitalized(text)}.`
}

/** The first letter as a capital. */
export function capitalized(text: string): string {
  return text.replace(/^./u, (first) => first.toUpperCase())
}
