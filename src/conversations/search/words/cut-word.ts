/** In characters; what is longer stands in the index, and is looked up there, by its beginning. */
const MAX_WORD_LENGTH = 24

/** A word as it stands in the index. */
export function cutWord(word: string): string {
  return word.length <= MAX_WORD_LENGTH ? word : Array.from(word).slice(0, MAX_WORD_LENGTH).join('')
}
