import { regionsOf } from './countries.ts'

/**
 * A number such as `+15551234567` in the groups that people read: `+1`, `555`, `123`, `4567`; the calling code first. Joined they are
 * the number. Whatever is no number stays one group.
 */
export function groupNumber(number: string): string[] {
  if (!/^\+\d{5,}$/.test(number)) return [number]
  const codeLength = /^\+[17]/.test(number) ? 1 : regionsOf(number.slice(0, 3)) === '' ? 3 : 2
  const code = number.slice(0, 1 + codeLength)
  const rest = number.slice(code.length)
  // No group of one digit: the last one takes it.
  return [code, ...(rest.match(/\d{3}(?=\d{2})|\d+/g) ?? [])]
}
