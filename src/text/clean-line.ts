import { replaceUnprintable } from '../protocol/printable.ts'
import { cutText } from './cut-text.ts'

/** So much of a text is looked at for each character that may remain: most of what nobody can see is dropped. */
const LOOKED_AT = 16

/**
 * A name or a sentence from outside as one printable line of at most `limit` UTF-16 code units: line breaks become
 * spaces, characters that show nothing or change how others read are gone. Empty where nothing remains.
 */
export function cleanLine(text: string, limit: number): string {
  const plain = cutText(text, limit * LOOKED_AT).replaceAll(/\s+/g, ' ')
  return cutText(replaceUnprintable(plain, () => '').trim(), limit)
}
