import type { CardText } from './card-texts.ts'
import { regionsOf } from './countries.ts'

const MIN_DIGITS = 7
const MAX_DIGITS = 15

/**
 * A typed phone number as E.164, or what is wrong with it. Knows calling codes and lengths only: the daemon has the last
 * word.
 */
export function readNumber(typed: string): { number: string } | { problem: CardText } {
  const plain = typed
    .normalize('NFKC')
    .trim()
    .replace(/^00|^\(\+/, '+')
  const number = `+${plain.replaceAll(/\D/g, '')}`
  const digits = number.length - 1
  if (plain === '') return { problem: 'Enter a phone number.' }
  // The daemon knows the digits of every script, and the marks that nobody sees.
  if (/[^\0-\x7f\xa0‐-―]/.test(plain)) return { number: plain }
  if (!/^\+?[\d\s()./‐-―-]*$/.test(plain)) return { problem: 'A phone number is made of digits.' }
  if (!plain.startsWith('+')) return { problem: 'Begin with + and the country code.' }
  if (digits > 2 && regionsOf(number) === '') return { problem: 'There is no such country code.' }
  if (digits < MIN_DIGITS) return { problem: 'This number is too short.' }
  if (digits > MAX_DIGITS) return { problem: 'This number is too long.' }
  return { number }
}
