import { createHash } from 'node:crypto'

const LETTERS = 'bcdfghjkmnpqrstvwxz'
const LENGTH = 14
/** An id of WhatsApp's servers for Business numbers: base64, in which the number of the other side is written. */
const SERVER_ID = /wamid\.[A-Za-z0-9+/=_-]+/g
const SHOWN = new RegExp(`^wamid~[${LETTERS}]{${LENGTH}}$`)

/**
 * The text with a substitute for each id of a message that names a person: the same for the same id in every process, and nothing can be told
 * from it, because such an id also holds random bytes. Example: `wamid~kbtrwqzxcvbnkb`.
 */
export function replaceMessageIds(text: string): string {
  return text.replace(SERVER_ID, substitute)
}

/** Whether this is what `replaceMessageIds` writes for an id. */
export function isSubstitute(text: string): boolean {
  return SHOWN.test(text)
}

function substitute(id: string): string {
  const bytes = createHash('sha256').update(id).digest()
  const letters = Array.from(bytes.subarray(0, LENGTH), (byte) => LETTERS.charAt(byte % LETTERS.length))
  return `wamid~${letters.join('')}`
}
