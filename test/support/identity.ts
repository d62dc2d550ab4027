import type { SenderIdentity } from '../../src/messaging/identity.ts'

/** Somebody at this address, with a number that is proven unless it is `null`. */
export function identity(
  address: string,
  phoneNumber: string | null,
  more: Partial<SenderIdentity> = {},
): SenderIdentity {
  return {
    address,
    ...(phoneNumber === null ? {} : { phoneNumber: { value: phoneNumber, proof: 'directory' } }),
    displayName: null,
    conflict: false,
    ...more,
  }
}
