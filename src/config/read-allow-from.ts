import { normalizePhoneNumber } from '../access/phone-number.ts'
import type { AccessPolicy } from '../access/policy.ts'
import type { PathSegment } from './parse.ts'
import type { Problems } from './problems.ts'

/** Stands for everybody, under `dmPolicy: "open"` only. */
export const EVERYBODY = '*'

export interface RawAccess {
  dmPolicy: 'allowlist' | 'pairing' | 'open' | 'disabled' | 'closed'
  dmPolicyPath: readonly PathSegment[]
  allowFrom: readonly (string | number)[]
  allowFromPath: readonly PathSegment[]
}

/** Who may talk, from the file's two settings; every entry that is no possible number is an error at its place. */
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
  let everybody = false
  for (const [index, entry] of raw.allowFrom.entries()) {
    const path = [...raw.allowFromPath, index]
    if (entry === EVERYBODY) {
      everybody = true
      if (dmPolicy !== 'open') {
        problems.error('wildcard', path, '"*" lets everybody in and needs dmPolicy: "open".')
      }
      continue
    }
    const number = normalizePhoneNumber(entry)
    if (!number.ok) problems.error(number.code, path, `Not a possible phone number: ${number.message}.`)
    else if (allowFrom.has(number.e164)) {
      problems.notice('duplicate_number', path, 'This number stands in the list already; it counts once.')
    } else allowFrom.add(number.e164)
  }
  if (dmPolicy === 'open' && !everybody) {
    problems.error('open_without_wildcard', raw.dmPolicyPath, 'dmPolicy: "open" needs allowFrom: ["*"].')
  }
  return {
    dmPolicy: dmPolicy === 'pairing' ? 'allowlist' : dmPolicy,
    // Who is named stays so, for the day when not everybody is let in any more.
    allowFrom: everybody ? [EVERYBODY, ...allowFrom] : [...allowFrom],
  }
}
