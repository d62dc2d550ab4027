import type { SenderIdentity } from '../messaging/identity.ts'
import { entriesNaming } from './entries-naming.ts'

const EVERYBODY = '*'

/** What a table of the config says of this person: under their number, else under their id, else under `"*"`. */
export function saidOf<Value>(
  person: Pick<SenderIdentity, 'phoneNumber' | 'lid' | 'businessId' | 'parentId'>,
  table: Readonly<Record<string, Value>>,
): Value | undefined {
  const key = [...entriesNaming(person), EVERYBODY].find((each) => Object.hasOwn(table, each))
  return key === undefined ? undefined : table[key]
}
