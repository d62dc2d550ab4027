import { numberOfAddress } from '../../access/numbers/number-address.ts'
import { normalizePhoneNumber } from '../../access/numbers/phone-number.ts'
import type { AccessPolicy } from '../../access/policy.ts'
import type { PathSegment } from '../document/json5-tree.ts'
import type { Problems } from '../problems/problems.ts'

/** Means everybody, under `dmPolicy: "open"` only. */
export const EVERYBODY = '*'

export interface RawAccess {
  dmPolicy: 'allowlist' | 'pairing' | 'open' | 'disabled' | 'closed'
  dmPolicyPath: readonly PathSegment[]
  allowFrom: readonly (string | number)[]
  allowFromPath: readonly PathSegment[]
  selfChatMode: boolean
}

/** Who may talk directly, from the file's settings; an entry that is no possible number is a problem of its own, and allows nobody. */
export function readAccess(raw: RawAccess, problems: Problems): AccessPolicy {
  const dmPolicy = raw.dmPolicy === 'closed' ? 'disabled' : raw.dmPolicy
  if (dmPolicy === 'pairing') {
    problems.notice(
      'no_effect_yet',
      raw.dmPolicyPath,
      'Pairing requests are not built yet: "pairing" counts as "allowlist".',
    )
  }
  const allowFrom = new Set<string>()
  for (const [index, entry] of raw.allowFrom.entries()) {
    const path = [...raw.allowFromPath, index]
    if (entry === EVERYBODY) {
      if (dmPolicy !== 'open') {
        problems.error('wildcard', path, '"*" allows everybody and needs dmPolicy: "open".')
      }
      continue
    }
    const number = numberOfAddress(entry) ?? readNumberEntry(entry, path, problems)
    if (number === null) continue
    if (allowFrom.has(number)) {
      problems.notice('duplicate_number', path, 'This number is in the list already; it counts once.')
    }
    allowFrom.add(number)
  }
  const everybody = raw.allowFrom.includes(EVERYBODY)
  if (dmPolicy === 'open' && !everybody) {
    problems.error('open_without_wildcard', raw.dmPolicyPath, 'dmPolicy: "open" needs allowFrom: ["*"].')
  }
  return {
    dmPolicy: dmPolicy === 'pairing' ? 'allowlist' : dmPolicy,
    // The numbers stay in the list, so that they are allowed when the policy is no longer open.
    allowFrom: everybody ? [EVERYBODY, ...allowFrom] : [...allowFrom],
    ...(raw.selfChatMode ? {} : { selfChat: false }),
  }
}

/** The number of an entry as E.164; `null`, with a problem of the entry at `path`, where it is none. */
export function readNumberEntry(
  entry: string | number,
  path: readonly PathSegment[],
  problems: Problems,
): string | null {
  const number = normalizePhoneNumber(entry)
  if (number.ok) return number.e164
  problems.entry(
    number.code,
    path,
    `Not a possible phone number: ${number.message}. This entry counts for nobody.`,
  )
  return null
}
