import { normalizePhoneNumber } from './phone-number.ts'

const ADDRESS = /^\+?([1-9]\d{6,14})@s\.whatsapp\.net$/
const E164 = /^\+([1-9]\d{6,14})$/

/**
 * The number, E.164, of an entry that is WhatsApp's own address of it (`999123456789@s.whatsapp.net`), or `null`. The address counts
 * digit by digit: so a number can be allowed that WhatsApp reports and that is not possible by any numbering plan known here.
 */
export function numberOfAddress(entry: string | number): string | null {
  const digits = typeof entry === 'string' ? ADDRESS.exec(entry.trim())?.[1] : undefined
  return digits === undefined ? null : `+${digits}`
}

/** An E.164 number as a list of the config has it: by WhatsApp's address where it would be called impossible when it is read again. */
export function writtenNumber(entry: string): string {
  return isUnknownPlan(entry) ? `${entry.slice(1)}@s.whatsapp.net` : entry
}

/** Whether this is a whole number in E.164 that is not possible by any numbering plan known here. */
export function isUnknownPlan(entry: string): boolean {
  return E164.test(entry) && !normalizePhoneNumber(entry).ok
}
