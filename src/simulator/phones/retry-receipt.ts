import { encodeBigEndian } from '@whiskeysockets/baileys'
import { bundleKeys, type KeyBundle } from '../signal/key-bundle.ts'
import { child, type Stanza, stanza } from '../wire/stanza.ts'

/**
 * Asks the sender of `unread` for the message again. The first request only asks; those after it bring fresh keys for
 * a new session.
 */
export function retryReceipt(
  unread: Stanza,
  o: { from: string; participant?: string; attempt: number; timestamp: string; bundle: KeyBundle },
): Stanza {
  const { id, t, recipient } = unread.attrs
  const content = [
    stanza('retry', { count: String(o.attempt), id, t, v: '1' }),
    stanza('registration', {}, encodeBigEndian(o.bundle.registrationId)),
  ]
  if (o.attempt > 1) content.push(stanza('keys', {}, bundleKeys(o.bundle)))
  const { from, participant, timestamp } = o
  return stanza('receipt', { from, participant, id, type: 'retry', t: timestamp, recipient }, content)
}

/** How often the sender of a retry receipt has asked. */
export function retryAttempt(receipt: Stanza): number {
  return Number(child(receipt, 'retry')?.attrs.count ?? 1)
}
