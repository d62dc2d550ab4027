import type { CardText } from './card-texts.ts'
import { regionsOf } from './countries.ts'

const MIN_DIGITS = 7
const MAX_DIGITS = 15

/**
 * A typed phone number as E.164, or what is wrong with it. It checks calling codes and lengths only;
 * the daemon decides.
 */
export function readNumber(typed: string): { number: string } | { problem: CardText } {
  const plain = typed.trim().replace(/^00|^\(\+/, '+')
  const digits = plain.replaceAll(/\D/g, '')
  const number = `+${digits}`
  if (plain === '') return { problem: 'Enter a phone number.' }
  // The daemon also reads the digits of other scripts, and ignores invisible marks.
  const others = plain.replaceAll(/[+\d\s()./‐-―-]/g, '')
  if (others !== '')
    return /[\0-\x7f]/.test(others) ? { problem: 'A phone number is made of digits.' } : { number: plain }
  if (!plain.startsWith('+')) return { problem: 'Begin with + and the country code.' }
  if (digits.length > 2 && regionsOf(number) === '') return { problem: 'There is no such country code.' }
  if (digits.length < MIN_DIGITS) return { problem: 'This number is too short.' }
  if (digits.length > MAX_DIGITS) return { problem: 'This number is too long.' }
  return { number }
}
