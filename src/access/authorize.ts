import type { SenderIdentity } from '../accounts/transport.ts'
import type { AccessPolicy, Verdict } from './policy.ts'

/**
 * Whether this sender may talk to the assistant. Fails closed: contradicting identities are denied under every policy,
 * and so is a sender whose number is unknown, except under `open`, which lets in whoever writes. Numbers are compared
 * digit by digit as WhatsApp reports them; nothing is parsed again. `pairing` lets in what `allowFrom` names.
 */
export function authorize(policy: AccessPolicy, sender: SenderIdentity): Verdict {
  if (policy.dmPolicy === 'disabled') return { allowed: false, reason: 'policy_disabled' }
  if (sender.conflict) return { allowed: false, reason: 'identity_conflict' }
  if (policy.dmPolicy === 'open') return { allowed: true }
  if (sender.phoneNumber === null) return { allowed: false, reason: 'lid_unresolved' }
  if (policy.allowFrom.includes(sender.phoneNumber)) return { allowed: true }
  return { allowed: false, reason: 'not_allowed' }
}
