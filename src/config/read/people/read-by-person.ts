import { readIdEntry } from '../../../access/numbers/id-entry.ts'
import { normalizePhoneNumber } from '../../../access/numbers/phone-number.ts'
import { numberOfAddress } from '../../../access/numbers/number-address.ts'
import type { PathSegment } from '../../document/json5-tree.ts'
import type { Problems } from '../../problems/problems.ts'
import { EVERYBODY } from './read-allow-from.ts'

/**
 * One setting of single people (`direct.<number>.systemPrompt`), by E.164 number, by `lid:<digits>` or `bsuid:<id>` where the number is hidden, or `"*"`;
 * without a prototype. A key that names nobody is a problem of its own; other keys of an entry are another tool's.
 */
export function readByPerson<Entry extends object, Name extends keyof Entry & string>(
  entries: Readonly<Record<string, Entry>>,
  name: Name,
  path: readonly PathSegment[],
  problems: Problems,
): Record<string, Exclude<Entry[Name], undefined>> {
  const read: Record<string, Exclude<Entry[Name], undefined>> = Object.create(null)
  for (const [key, entry] of Object.entries(entries)) {
    for (const other of Object.keys(entry)) if (other !== name) problems.foreign([...path, key, other])
    const person = personOf(key)
    const value = entry[name]
    if (person === null)
      problems.keyEntry(
        'not_a_number',
        [...path, key],
        'Not a possible phone number. This entry names nobody.',
      )
    else if (isGiven(value)) read[person] = value
  }
  return read
}

function isGiven<Value>(value: Value): value is Exclude<Value, undefined> {
  return value !== undefined
}

function personOf(key: string): string | null {
  if (key === EVERYBODY) return key
  const hidden = readIdEntry(key)
  if (hidden !== null) return hidden
  const number = normalizePhoneNumber(key)
  return number.ok ? number.e164 : numberOfAddress(key)
}
