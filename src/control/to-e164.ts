import { phoneNumberSchema } from '../protocol/account.ts'
import { DaemonError } from '../protocol/errors.ts'

/** A phone number in any usual notation as E.164. Throws `DaemonError` (`invalid_phone_number`). */
export function toE164(value: string): string {
  const digits = value.replace(/[\s().-]/g, '').replace(/^(\+|00)?/, '+')
  const parsed = phoneNumberSchema.safeParse(digits)
  if (!parsed.success)
    throw new DaemonError('invalid_phone_number', { details: { value, reason: 'not_a_number' } })
  return parsed.data
}
