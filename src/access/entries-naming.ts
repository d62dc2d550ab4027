import { provenNumber, type SenderIdentity } from '../messaging/identity.ts'
import { idEntriesOf } from './numbers/id-entry.ts'

/** The entries by which a list of people names this person: their number where it is proven, then their ids. */
export function entriesNaming(
  person: Pick<SenderIdentity, 'phoneNumber' | 'lid' | 'businessId' | 'parentId'>,
): string[] {
  const number = provenNumber(person)
  return [...(number === null ? [] : [number]), ...idEntriesOf(person)]
}
