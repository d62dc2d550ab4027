import type { FileDescription } from '../../../messaging/content.ts'

/** The words of a stored text, which says of each file what it is, in a line of its own (`shownText`). */
export function withoutFiles(text: string, files: readonly Pick<FileDescription, 'what'>[]): string {
  let words = text
  for (const { what } of files) {
    if (words !== `[${what}]` && !words.startsWith(`[${what}]\n`)) continue
    words = words.slice(what.length + 3)
  }
  return words
}
