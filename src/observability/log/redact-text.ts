import { createHmac, randomBytes } from 'node:crypto'
import { replaceUnprintable } from '../../protocol/text/printable.ts'
import { lettersOf, replaceMessageIds } from './shown-message-id.ts'

export const REDACTED = '[redacted]'

/** Longer strings are cut in the log; no text of ours is that long. */
const MAX_TEXT_LENGTH = 4_000

/** All phone numbers can be tried against a plain hash, so it is keyed, with a key that exists in this process only. */
const maskKey = randomBytes(32)

/**
 * A substitute for a phone number or LID: the same for the same digits within this process, so that related lines can be
 * found; only the last two digits stay readable. Example: `+•••01~kbtr`.
 */
export function maskDigits(digits: string): string {
  const bytes = createHmac('sha256', maskKey).update(digits).digest()
  return `•••${digits.slice(-2)}~${lettersOf(bytes, 4)}`
}

const onlyDigits = (text: string): string => text.replaceAll(/\D/g, '')

const maskNumber = (found: string): string => `+${maskDigits(onlyDigits(found))}`

type Rule = readonly [pattern: RegExp, replacement: (found: string, ...groups: string[]) => string]

/** Applied in this order: secrets that give access, then addresses, then numbers, from the marked to the plain notations. */
const RULES: readonly Rule[] = [
  // The single-use code of the page's link.
  [/#code=[^\s"'\\]+/g, () => `#code=${REDACTED}`],
  [/\b(bearer[ .])[A-Za-z0-9._~+/=-]+/gi, (_found, scheme = '') => scheme + REDACTED],
  // A linking QR, bare or as the link that newer versions encode.
  [/https?:\/\/wa\.me\/settings\/linked_devices[^\s"\\]*/g, () => REDACTED],
  [/(?<![A-Za-z0-9])\d@[A-Za-z0-9+/=,_-]{16,}/g, () => REDACTED],
  // Keys and tokens: base64 of 30 bytes and more; with a slash only when padded, so that paths stay readable.
  [/(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{40,}={1,2}/g, () => REDACTED],
  [/(?<![A-Za-z0-9])[0-9a-fA-F]{40,}/g, () => REDACTED],
  [/(?<![A-Za-z0-9+_-])(?=[A-Za-z0-9+_-]*\d)(?=[A-Za-z0-9+_-]*[A-Za-z])[A-Za-z0-9+_-]{40,}/g, () => REDACTED],
  [
    /\d[\d-]{2,}((?:[._:]\d+)*)@(s\.whatsapp\.net|c\.us|g\.us|lid|hosted\.lid|hosted|newsletter|bot|msgr)/g,
    (found, device = '', server = '') =>
      `${maskDigits(onlyDigits(found.slice(0, found.indexOf('@') - device.length)))}${device}@${server}`,
  ],
  [/\+\d{7,17}(?!\d)/g, maskNumber],
  [/\+\s?\d(?:[\s().-]{0,3}\d){6,16}/g, maskNumber],
  [/(?<!\d\.)\d{9,}/g, maskDigits],
  [/(?<![A-Za-z0-9.:])\d{7,8}(?![A-Za-z0-9:])/g, maskDigits],
]

/**
 * The text with phone numbers, WhatsApp addresses, QR contents, pairing links, bearer tokens and key-like strings masked.
 * In doubt it masks: every long run of digits is masked. Control characters that a terminal would execute are removed.
 */
export function redactText(text: string): string {
  const cut = text.length > MAX_TEXT_LENGTH ? `${text.slice(0, MAX_TEXT_LENGTH)}…` : text
  // First: an invisible character would hide a number from the rules.
  const readable = replaceUnprintable(cut, (found) => (found === '\n' || found === '\t' ? found : ''))
  let result = replaceMessageIds(readable)
  for (const [pattern, replacement] of RULES) result = result.replace(pattern, replacement)
  return result
}
