import { type SenderIdentity, statedNumber } from '../messaging/identity.ts'
import { asSet } from './as-set.ts'
import type { AccessPolicy, Verdict } from './policy.ts'

const UNRESOLVED: Verdict = { allowed: false, reason: 'lid_unresolved' }

/**
 * Whether this sender may talk to the assistant. Fails closed: contradicting identities are denied under every policy,
 * and so is a number that nothing proves yet; a sender whose number is unknown is allowed under `open` alone. Numbers
 * are compared digit by digit as WhatsApp reports them; nothing is parsed again. `pairing` lets in what `allowFrom` names.
 */
export function authorize(
  policy: AccessPolicy,
  sender: Pick<SenderIdentity, 'phoneNumber' | 'claim' | 'conflict'>,
): Verdict {
  if (policy.dmPolicy === 'disabled') return { allowed: false, reason: 'policy_disabled' }
  if (sender.conflict) return { allowed: false, reason: 'identity_conflict' }
  const isClaimed = sender.claim !== undefined
  if (policy.dmPolicy === 'open') return isClaimed ? UNRESOLVED : { allowed: true }
  const number = statedNumber(sender)
  if (number === null) return UNRESOLVED
  if (!asSet(policy.allowFrom).has(number)) {
    const isOpen = policy.unconfirmed?.has(number) === true
    return isOpen ? UNRESOLVED : { allowed: false, reason: 'not_allowed' }
  }
  return isClaimed ? UNRESOLVED : { allowed: true }
}
