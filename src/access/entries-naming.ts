import { provenNumber, type SenderIdentity } from '../messaging/identity.ts'
import { lidEntry } from './numbers/lid-entry.ts'

/** The entries by which a list of people names this person: their number where it is proven, then their id. */
export function entriesNaming(person: Pick<SenderIdentity, 'phoneNumber' | 'lid'>): string[] {
  const number = provenNumber(person)
  return [
    ...(number === null ? [] : [number]),
    ...(person.lid === undefined ? [] : [lidEntry(person.lid.value)]),
  ]
}
