import { numberOfBusinessAddress, userIdOf } from '../identity/business-address.ts'

/** The two ways to name somebody in a message. Never both: where both are, Meta takes the number. */
export type RecipientFields = { to: string } | { recipient: string }

/**
 * How the person at this address (`SenderIdentity.address`) is named in a message; `null` for what is no address of one. By the id where they
 * wrote with one: it is who wrote, while the number that was theirs may have somebody else by now. A number always has its plus sign: without
 * one Meta puts the country code of the business before it.
 */
export function recipientOf(address: string): RecipientFields | null {
  const recipient = userIdOf(address)
  if (recipient !== null) return { recipient }
  const to = numberOfBusinessAddress(address)
  return to === null ? null : { to }
}
