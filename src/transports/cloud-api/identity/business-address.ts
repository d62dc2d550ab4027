import { businessEntry, businessIdOfEntry } from '../../../access/numbers/id-entry.ts'

const NUMBER_ADDRESS = /^wa:([1-9]\d{4,16})$/
const DIGITS = /^\+?([1-9]\d{4,16})$/

/** The address of a person: `bsuid:<id>` where WhatsApp names their id, else `wa:<digits>`; `null` where it names neither. */
export function businessAddress(userId: string | null, phoneNumber: string | null): string | null {
  if (userId !== null) return businessEntry(userId)
  return phoneNumber === null ? null : `wa:${phoneNumber.slice(1)}`
}

/** The id of a person with such an address; `null` for others. */
export function userIdOf(address: string): string | null {
  return businessIdOfEntry(address)
}

/** The number, E.164, that is the address of a person; `null` for other addresses. */
export function numberOfBusinessAddress(address: string): string | null {
  const digits = NUMBER_ADDRESS.exec(address)?.[1]
  return digits === undefined ? null : `+${digits}`
}

/** A number as WhatsApp writes it, digits with or without a plus, in E.164; `null` for everything else. */
export function numberFrom(written: unknown): string | null {
  const digits = typeof written === 'string' ? DIGITS.exec(written)?.[1] : undefined
  return digits === undefined ? null : `+${digits}`
}

/** An id as WhatsApp writes it; `null` for everything else. */
export function userIdFrom(written: unknown): string | null {
  return typeof written === 'string' ? businessIdOfEntry(businessEntry(written)) : null
}
