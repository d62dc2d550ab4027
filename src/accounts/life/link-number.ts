import { normalizePhoneNumber } from '../../access/numbers/phone-number.ts'
import type { LinkRequest } from '../../protocol/account/account.ts'
import { DaemonError } from '../../protocol/errors.ts'

/** The number that a pairing code is for, E.164; `undefined` for a QR code. Throws `DaemonError` (`invalid_phone_number`). */
export function linkNumber({ method, phoneNumber }: LinkRequest): string | undefined {
  if (method === 'qr') return undefined
  const normalized = normalizePhoneNumber(phoneNumber ?? '')
  if (normalized.ok) return normalized.e164
  throw new DaemonError('invalid_phone_number', {
    message: `Not a possible phone number: ${normalized.message}.`,
    details: { value: phoneNumber ?? '', reason: normalized.code },
  })
}
