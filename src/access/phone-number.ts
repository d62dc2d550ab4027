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

/** Digits in groups, as people write them. No letters: "1-800-FLOWERS" and extensions name no WhatsApp account. */
const NOTATION = /^\+?[\d\p{Zs}\t()./\p{Pd}\u2212]*\d[\d\p{Zs}\t()./\p{Pd}\u2212]*$/u

/** Bounds what the parser sees; the longest sensible notation is far shorter. */
const MAX_LENGTH = 64

/**
 * A phone number in any usual international notation as E.164. Digits without `+` get one, so they must begin with the
 * country code. The number must be *possible* (its length fits its country); whether anybody has it is WhatsApp's
 * knowledge.
 */
export function normalizePhoneNumber(value: string | number): NormalizedPhoneNumber {
  const text = typeof value === 'number' ? numberText(value) : value.normalize('NFKC').trim()
  if (text === null || text.length > MAX_LENGTH || !NOTATION.test(text)) return failure('not_a_number')
  // "(555) 555-0101" is a number inside its country; with a `+` it would become one of another country.
  if (text.startsWith('(')) return failure('invalid_country')
  const international = text.startsWith('+') ? text : `+${text}`
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
