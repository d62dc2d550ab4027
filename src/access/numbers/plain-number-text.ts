/** Nothing so long is a number. */
const MAX_WRITTEN = 256
const PLAIN = /^\+?\d*$/
/** Marks of the direction of writing, which are copied along with a number and are not seen. */
const DIRECTION_MARKS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g

/**
 * A phone number as somebody typed or pasted it, with ASCII digits and an ASCII plus sign whatever the script, and without spaces
 * around it or marks that nobody sees. Everything else stays, so that what is no number is still none. Texts of more than 256
 * characters come back as they are.
 */
export function plainNumberText(written: string): string {
  if (written.length > MAX_WRITTEN || PLAIN.test(written)) return written
  return written
    .normalize('NFKC')
    .replaceAll(DIRECTION_MARKS, '')
    .replaceAll(/\p{Nd}/gu, toAsciiDigit)
    .trim()
    .replace(/^\(\+(\d{1,3})\)/, '+$1 ')
}

/** The digits of every script follow each other from 0 to 9. */
function toAsciiDigit(digit: string): string {
  const code = digit.codePointAt(0) ?? 0
  for (let value = 0; value < 9; value += 1) {
    if (!/\p{Nd}/u.test(String.fromCodePoint(code - value - 1))) return String(value)
  }
  return '9'
}
