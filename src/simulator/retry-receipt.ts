import { encodeBigEndian } from '@whiskeysockets/baileys'
import { bundleKeys, type KeyBundle } from './key-bundle.ts'
import { child, type Stanza, stanza } from './stanza.ts'

/**
 * Asks the sender of `unread` for the message again. The first request only asks; those after it bring fresh keys for
 * a new session.
 */
export function retryReceipt(
  unread: Stanza,
  o: { from: string; timestamp: string; bundle: KeyBundle },
): Stanza {
  const { id, t, recipient } = unread.attrs
  const attempt = Number(child(unread, 'enc')?.attrs.count ?? 0) + 1
  const content = [
    stanza('retry', { count: String(attempt), id, t, v: '1' }),
    stanza('registration', {}, encodeBigEndian(o.bundle.registrationId)),
  ]
  if (attempt > 1) content.push(stanza('keys', {}, bundleKeys(o.bundle)))
  return stanza('receipt', { from: o.from, id, type: 'retry', t: o.timestamp, recipient }, content)
}

/** How often the sender of a retry receipt has asked. */
export function retryAttempt(receipt: Stanza): number {
  return Number(child(receipt, 'retry')?.attrs.count ?? 1)
}
