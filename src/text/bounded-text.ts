/** Texts from outside, made short enough to keep and safe to show. */
import { isPrintable, replaceUnprintable } from '../protocol/text/printable.ts'
import { TEXT_LIMITS } from '../protocol/text/text-limits.ts'
import { clusterBoundary } from './graphemes.ts'

const CUT_MARK = '…'
/** `cleanLine` reads this many times its limit: most characters of a text may be ones that it removes. */
const READ_FACTOR = 16
/** A NUL, and halves of surrogate pairs. */
const NOT_STORABLE = /[\0\p{Cs}]/gu
const ESCAPE = String.fromCodePoint(0x1b)
/** Colours and the like, as programs write them for a terminal. */
const TERMINAL_SEQUENCE = new RegExp(ESCAPE + String.raw`\[[0-?]*[ -/]*[@-~]`, 'g')
/** All but tab, line feed and NUL; and what Unicode keeps for no character. */
const CONTROL = /(?![\t\n\0])\p{Cc}|\p{Noncharacter_Code_Point}/gu
const REPLACEMENT = '\uFFFD'

/**
 * `text` with at most `limit` UTF-16 code units (8 and more); a text that was cut ends in "…". Never splits a surrogate pair, nor a
 * user-perceived character of a usual length.
 */
export function cutText(text: string, limit: number): string {
  if (text.length <= limit) return text
  const boundary = clusterBoundary(text, limit - CUT_MARK.length)
  return `${text.slice(0, boundary)}${CUT_MARK}`
}

/**
 * A name or a sentence from outside as one printable line of at most `limit` UTF-16 code units: line breaks become
 * spaces; characters that show nothing or change how others read are removed. Empty where nothing remains.
 */
export function cleanLine(text: string, limit: number): string {
  const plain = cutText(text, limit * READ_FACTOR).replaceAll(/\s+/g, ' ')
  return cutText(replaceUnprintable(plain, () => '').trim(), limit)
}

/** `text` as the database and JSON keep it: the database ends a text at a NUL, and half a surrogate pair is no character. */
export function storableText(text: string): string {
  return text.replaceAll(NOT_STORABLE, REPLACEMENT)
}

/**
 * `text` as WhatsApp shows it to a person: without control characters but line breaks and tabs, and as the database keeps it.
 * Sequences for terminals (colours) are gone as a whole.
 */
export function sendableText(text: string): string {
  return storableText(
    text.replaceAll(/\r\n?/g, '\n').replaceAll(TERMINAL_SEQUENCE, '').replaceAll(CONTROL, ''),
  )
}

/** What people wrote as others see it in a list or a view: printable (`printable.ts`), in the lines that it has. */
export function printableText(text: string): string {
  return replaceUnprintable(sendableText(text), (found) => (found === '\n' || found === '\t' ? found : ''))
}

/** The text of a message, cut to the length that is kept, in characters that the database gives back unchanged. */
export function boundedText(text: string): string {
  return cutText(storableText(text), TEXT_LIMITS.message)
}

/** A name that a person gave themselves, as one printable line; `null` where nothing of it can be seen. */
export function boundedName(name: string): string | null {
  return cleanLine(name, TEXT_LIMITS.name) || null
}

/** Whether `text` can be the id of a message or the address of a person or a chat: short, and of printable characters. */
export function isIdentifier(text: string): boolean {
  return text !== '' && text.length <= TEXT_LIMITS.identifier && isPrintable(text)
}
