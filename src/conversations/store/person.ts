import { provenNumber, type SenderIdentity } from '../../messaging/identity.ts'

/** A person as they are filed: their number, or their opaque address while there is none. */
export function personOf(sender: SenderIdentity): string {
  return provenNumber(sender) ?? sender.address
}

/** A person whom the inbox names: their number was proven when it was stored. */
export function identityOf(person: string): SenderIdentity {
  const number = numberOf(person)
  return {
    address: person,
    ...(number === null ? {} : { phoneNumber: { value: number, proof: 'directory' } }),
    displayName: null,
    conflict: false,
  }
}

/** The E.164 number of a person, or `null`. Only numbers begin with a plus sign. */
export function numberOf(person: string): string | null {
  return person.startsWith('+') ? person : null
}
