import { createHash } from 'node:crypto'

/** What ids of WhatsApp's servers for Business numbers begin with. */
export const SERVER_ID_PREFIX = 'wamid.'
/** The whole of such an id: base64, in which the number of the other side is written. */
const SERVER_ID = /wamid\.[A-Za-z0-9+/=_-]+/g
/** No vowels: nothing that could be read as a word. */
const LETTERS = 'bcdfghjkmnpqrstvwxz'
const LENGTH = 14
const SHOWN = new RegExp(`^wamid~[a-z]{${LENGTH}}$`)

/**
 * The text with a substitute for each id of a message that names a person: the same for the same id in every process, and nothing can be told
 * from it, because such an id also holds random bytes. Example: `wamid~kbtrwqzxcvbnkb`.
 */
export function replaceMessageIds(text: string): string {
  return text.replace(
    SERVER_ID,
    (id) => `wamid~${lettersOf(createHash('sha256').update(id).digest(), LENGTH)}`,
  )
}

/** Whether this is what `replaceMessageIds` writes for an id. */
export function isSubstitute(text: string): boolean {
  return SHOWN.test(text)
}

/** A tag of `length` letters, one for each of the first bytes of a hash. Without digits, which the log masks. */
export function lettersOf(hash: Uint8Array, length: number): string {
  return Array.from(hash.subarray(0, length), (byte) => LETTERS.charAt(byte % LETTERS.length)).join('')
}
