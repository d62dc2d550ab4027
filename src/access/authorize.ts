import type { SenderIdentity } from '../messaging/transport.ts'
import { asSet } from './as-set.ts'
import type { AccessPolicy, Verdict } from './policy.ts'

const UNRESOLVED: Verdict = { allowed: false, reason: 'lid_unresolved' }

/**
 * Whether this sender may talk to the assistant. Fails closed: contradicting identities are denied under every policy,
 * and so is a number that nothing proves yet; a sender whose number is unknown is allowed under `open` alone. Numbers
 * are compared digit by digit as WhatsApp reports them; nothing is parsed again. `pairing` lets in what `allowFrom` names.
 */
export function authorize(policy: AccessPolicy, sender: SenderIdentity): Verdict {
  if (policy.dmPolicy === 'disabled') return { allowed: false, reason: 'policy_disabled' }
  if (sender.conflict) return { allowed: false, reason: 'identity_conflict' }
  const isClaimed = sender.claim !== undefined
  if (policy.dmPolicy === 'open') return isClaimed ? UNRESOLVED : { allowed: true }
  if (sender.phoneNumber === null) return UNRESOLVED
  if (!asSet(policy.allowFrom).has(sender.phoneNumber)) {
    const isOpen = policy.unconfirmed?.has(sender.phoneNumber) === true
    return isOpen ? UNRESOLVED : { allowed: false, reason: 'not_allowed' }
  }
  return isClaimed ? UNRESOLVED : { allowed: true }
}
