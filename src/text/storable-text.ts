/** A NUL, and halves of surrogate pairs. */
const NOT_STORABLE = /[\0\p{Cs}]/gu
const REPLACEMENT = '\uFFFD'

/** `text` as the database and JSON keep it: the database ends a text at a NUL, and half a surrogate pair is no character. */
export function storableText(text: string): string {
  return text.replaceAll(NOT_STORABLE, REPLACEMENT)
}
