/** How the numbers of a proto are read: bounded, and `null` where they say nothing. */
import { toNumber } from '@whiskeysockets/baileys'
import { line } from '../../../../text/description/part-texts.ts'

/** As far as JavaScript's dates go. */
const MAX_SECONDS = 8.64e12

/** What a proto may hold for a 64-bit number. */
type WireNumber = Parameters<typeof toNumber>[0]

/** A number of the wire from 0 on that can be counted with; `null` for every other. */
export function countOf(number: WireNumber): number | null {
  const value = number == null ? Number.NaN : toNumber(number)
  return Number.isSafeInteger(value) && value >= 0 ? value : null
}

/** `seconds` since 1970 as UTC; `null` where they are no time of a message. */
export function timeOf(seconds: WireNumber): string | null {
  const value = countOf(seconds)
  return value === null || value === 0 || value > MAX_SECONDS ? null : new Date(value * 1_000).toISOString()
}

/** An amount in thousandths, with its currency; `null` where either is missing. */
export function moneyOf(
  thousandths: WireNumber,
  currency: string | null | undefined,
): { amount: number; currency: string } | null {
  const amount = countOf(thousandths)
  const name = line(currency)
  return amount === null || name === '' ? null : { amount: amount / 1_000, currency: name }
}
