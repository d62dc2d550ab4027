import { readIdEntry } from '../../../access/numbers/id-entry.ts'
import { numberOfAddress } from '../../../access/numbers/number-address.ts'
import { normalizePhoneNumber } from '../../../access/numbers/phone-number.ts'
import type { AccessPolicy } from '../../../access/policy.ts'
import type { PathSegment } from '../../document/json5-tree.ts'
import type { Problems } from '../../problems/problems.ts'

/** Means everybody, under `dmPolicy: "open"` only. */
export const EVERYBODY = '*'

export interface RawAccess {
  dmPolicy: AccessPolicy['dmPolicy'] | 'closed'
  dmPolicyPath: readonly PathSegment[]
  allowFrom: readonly (string | number)[]
  allowFromPath: readonly PathSegment[]
  /** `null`: the list decides. */
  selfChatMode: boolean | null
}

/** Who may talk directly, from the file's settings; an entry that names no possible person is a problem of its own, and allows nobody. */
export function readAccess(raw: RawAccess, problems: Problems): AccessPolicy {
  const dmPolicy = raw.dmPolicy === 'closed' ? 'disabled' : raw.dmPolicy
  const allowFrom = new Set<string>()
  for (const [index, entry] of raw.allowFrom.entries()) {
    const path = [...raw.allowFromPath, index]
    if (entry === EVERYBODY) {
      if (dmPolicy !== 'open') {
        problems.error('wildcard', path, '"*" allows everybody and needs dmPolicy: "open".')
      }
      continue
    }
    const person = readPersonEntry(entry, path, problems)
    if (person === null) continue
    if (allowFrom.has(person)) {
      problems.notice('duplicate_number', path, 'This person is in the list already, and counts once.')
    }
    allowFrom.add(person)
  }
  const everybody = raw.allowFrom.includes(EVERYBODY)
  if (dmPolicy === 'open' && !everybody) {
    problems.error('open_without_wildcard', raw.dmPolicyPath, 'dmPolicy: "open" needs allowFrom: ["*"].')
  }
  return {
    dmPolicy,
    // The people stay in the list, so that they are allowed when the policy is no longer open.
    allowFrom: everybody ? [EVERYBODY, ...allowFrom] : [...allowFrom],
    ...(raw.selfChatMode !== null && { selfChat: raw.selfChatMode }),
  }
}

/**
 * The person of an entry, in whatever list of people: E.164, `lid:<digits>` or `bsuid:<id>`; `null`, with a problem of the entry at `path`, where it
 * names nobody.
 */
export function readPersonEntry(
  entry: string | number,
  path: readonly PathSegment[],
  problems: Problems,
): string | null {
  const written = readIdEntry(entry) ?? numberOfAddress(entry)
  if (written !== null) return written
  const number = normalizePhoneNumber(entry)
  if (number.ok) return number.e164
  problems.entry(
    number.code,
    path,
    `Not a possible phone number: ${number.message}. This entry counts for nobody.`,
  )
  return null
}
