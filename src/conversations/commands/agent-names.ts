import type { Sentences } from '../notices/sentences.ts'

/** Entries that one answer lists. */
const MAX_LISTED = 40
const MAX_NAME_LENGTH = 60

/** These entries, or the first 40 of them and how many more there are. */
export function listed(entries: readonly string[], { andMore }: Pick<Sentences, 'andMore'>): string[] {
  const more = entries.length - MAX_LISTED
  return more > 0 ? [...entries.slice(0, MAX_LISTED), andMore(more)] : [...entries]
}

/** The text, or the first 60 characters of it. */
export function clipped(text: string): string {
  const characters = Array.from(text)
  return characters.length > MAX_NAME_LENGTH ? `${characters.slice(0, MAX_NAME_LENGTH).join('')}…` : text
}
