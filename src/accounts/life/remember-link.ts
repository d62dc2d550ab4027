import type { OpenAccount } from './open-account.ts'

/** Keeps what must outlive a restart about the link. Throws when the disk refuses. */
export function rememberLink(parts: OpenAccount, now: number): void {
  const { link, facts, ownership, conversations } = parts
  const { phase, failures, reason, linked, cautious } = link.facts
  const atRest = phase === 'idle' || phase === 'ended'
  const number = link.transport.ownNumber
  // Another phone was linked: it must not speak the former owner's replies.
  if (number !== null && facts.link.linkedNumber !== null && facts.link.linkedNumber !== number) {
    conversations.accountChanged()
  }
  if (phase === 'open' && !cautious) ownership.claim()
  facts.update({
    linkedNumber: number ?? facts.link.linkedNumber,
    failures,
    reason: atRest && (!linked || reason === 'copy_detected') ? reason : null,
    linkedSince: linked ? (facts.link.linkedSince ?? now) : null,
    // Without a reason it only does not know yet what is stored.
    importedFrom: linked || reason === null ? facts.link.importedFrom : null,
  })
}
