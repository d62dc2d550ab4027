import { parsePhoneNumberWithError, validatePhoneNumberLength } from 'libphonenumber-js/min'

export type PhoneNumberProblem =
  | 'too_short'
  | 'too_long'
  | 'invalid_length'
  | 'invalid_country'
  | 'not_a_number'

export type NormalizedPhoneNumber =
  | { ok: true; e164: string }
  | { ok: false; code: PhoneNumberProblem; message: string }

const MESSAGES: Record<PhoneNumberProblem, string> = {
  too_short: 'too few digits for a phone number of this country',
  too_long: 'too many digits for a phone number of this country',
  invalid_length: 'no phone number of this country has this many digits',
  invalid_country: 'it does not begin with a known country code; write it as +<country code><number>',
  not_a_number: 'not a phone number; write it as +<country code><number>',
}

/** Numbers that WhatsApp still reports as they were before a change of the country's numbering plan. */
const OLD_FORMS = [/^\+521[2-9]\d{9}$/, /^\+229\d{8}$/, /^\+225\d{8}$/]

/** Digits in groups, as people write them. No letters: "1-800-FLOWERS" and extensions name no WhatsApp account. */
const NOTATION = /^\+?[\d\p{Zs}\t()./\p{Pd}\u2212]*\d[\d\p{Zs}\t()./\p{Pd}\u2212]*$/u

/** Bounds what the parser sees; the longest sensible notation is far shorter. */
const MAX_LENGTH = 64

/** What many countries dial for calls abroad; no country code begins with 0. */
const INTERNATIONAL_PREFIX = /^0[ .\-/]?0[ .\-/]?(?=[1-9(])/

/** Earlier results: the same numbers are read at every change of the file, for every account. */
const MAX_REMEMBERED = 50_000
const remembered = new Map<string, NormalizedPhoneNumber>()

/** No longer text is read as a number. */
const MAX_WRITTEN = 256
const PLAIN = /^\+?\d*$/
/** Marks of the direction of writing, which are copied along with a number and are not seen. */
const DIRECTION_MARKS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g

/**
 * A phone number in any usual international notation as E.164: digits of any script, with `+`, with `00` or with neither, so they
 * must begin with the country code. The number must be *possible* (its length fits its country, or fitted it before a change of
 * the numbering plan that WhatsApp has not followed); whether anybody has it is WhatsApp's knowledge.
 */
export function normalizePhoneNumber(value: string | number): NormalizedPhoneNumber {
  if (typeof value === 'number') {
    const digits = numberText(value)
    return digits === null ? failure('not_a_number') : read(digits)
  }
  const text = plainNumberText(value)
  // Nothing so long is a number, and nothing so long is kept.
  if (text.length > MAX_LENGTH) return failure('not_a_number')
  const known = remembered.get(text)
  if (known !== undefined) return known
  const result = read(text)
  if (remembered.size >= MAX_REMEMBERED) remembered.clear()
  remembered.set(text, result)
  return result
}

function read(text: string): NormalizedPhoneNumber {
  if (!NOTATION.test(text)) return failure('not_a_number')
  // "(555) 555-0101" is a number inside its country; with a `+` it would become one of another country.
  if (text.startsWith('(')) return failure('invalid_country')
  const international = text.startsWith('+') ? text : `+${text.replace(INTERNATIONAL_PREFIX, '')}`
  const digits = `+${international.replaceAll(/\D/g, '')}`
  if (OLD_FORMS.some((form) => form.test(digits))) return { ok: true, e164: digits }
  const problem = validatePhoneNumberLength(international)
  if (problem !== undefined) return failure(toProblem(problem))
  try {
    const number = parsePhoneNumberWithError(international, { extract: false })
    return number.isPossible() ? { ok: true, e164: number.number } : failure('invalid_length')
  } catch {
    return failure('not_a_number')
  }
}

function toProblem(code: string): PhoneNumberProblem {
  const problem = code.toLowerCase()
  return isProblem(problem) ? problem : 'not_a_number'
}

function isProblem(code: string): code is PhoneNumberProblem {
  return Object.hasOwn(MESSAGES, code)
}

function numberText(value: number): string | null {
  return Number.isSafeInteger(value) && value > 0 ? String(value) : null
}

function failure(code: PhoneNumberProblem): NormalizedPhoneNumber {
  return { ok: false, code, message: MESSAGES[code] }
}

/**
 * A number as somebody typed or pasted it, with ASCII digits and an ASCII plus sign whatever the script, without spaces around it and
 * without invisible marks. Everything else stays: a text that is no number does not become one.
 */
function plainNumberText(written: string): string {
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
