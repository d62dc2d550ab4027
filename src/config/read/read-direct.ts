import { normalizePhoneNumber } from '../../access/numbers/phone-number.ts'
import { numberOfAddress } from '../../access/numbers/number-address.ts'
import type { PathSegment } from '../document/json5-tree.ts'
import type { Problems } from '../problems/problems.ts'
import { EVERYBODY } from './read-allow-from.ts'

/** OpenClaw's key of a person who is known by an id alone, and ours. */
const HIDDEN_NUMBER = /^(?:lid:(\d{5,20})|(\d{5,20})@lid)$/

/**
 * What the agent is told about single people, by E.164 number, by `<digits>@lid` where the number is hidden, or `"*"`; without a prototype. A key that names nobody
 * is a problem of its own.
 */
export function readDirect(
  direct: Readonly<Record<string, { systemPrompt?: string | undefined }>>,
  path: readonly PathSegment[],
  problems: Problems,
): Record<string, string> {
  const prompts: Record<string, string> = Object.create(null)
  for (const [key, { systemPrompt, ...others }] of Object.entries(direct)) {
    for (const other of Object.keys(others)) problems.foreign([...path, key, other])
    const person = personOf(key)
    if (person === null)
      problems.keyEntry(
        'not_a_number',
        [...path, key],
        'Not a possible phone number. This entry names nobody.',
      )
    else if (systemPrompt !== undefined) prompts[person] = systemPrompt
  }
  return prompts
}

function personOf(key: string): string | null {
  if (key === EVERYBODY) return key
  const hidden = HIDDEN_NUMBER.exec(key.trim())
  if (hidden !== null) return `${hidden[1] ?? hidden[2]}@lid`
  const number = normalizePhoneNumber(key)
  return number.ok ? number.e164 : numberOfAddress(key)
}
