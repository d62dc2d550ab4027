import type { Stanza } from '../../../src/simulator/wire/stanza.ts'

/** Acknowledged, whatever is in them. */
const ACKNOWLEDGED: ReadonlySet<string> = new Set(['message', 'status', 'notification', 'call', 'receipt'])
/** What wants no answer. */
const UNANSWERED: ReadonlySet<string> = new Set([
  'ack', 'ib', 'presence', 'chatstate', 'success', 'failure', 'error', 'features', 'stream:error', 'stream:features', 'xmlstreamend',
]) // prettier-ignore
const UNRECOGNISED = '488'

/**
 * The error with which WhatsApp wants this stanza acknowledged; `none` for an acknowledgement without one, `null` where no
 * acknowledgement is due. Sources: whatsmeow, whatsapp-rust `protocol/nack.rs`.
 */
export function dueAnswer({ tag, attrs }: Stanza): { error: 'none' | typeof UNRECOGNISED } | null {
  if (!attrs.id || !attrs.from || tag === 'iq' || UNANSWERED.has(tag)) return null
  return { error: ACKNOWLEDGED.has(tag) ? 'none' : UNRECOGNISED }
}

/** Whether the stanza tells the client that its connection is over, or to link anew. */
export function endsConnection({ tag, attrs, content }: Stanza): boolean {
  if (['stream:error', 'failure', 'xmlstreamend', 'success'].includes(tag)) return true
  const first = Array.isArray(content) ? content[0]?.tag : undefined
  if (tag === 'iq') return first === 'pair-success' || (first === 'pair-device' && attrs.type === 'set')
  return tag === 'ib' && first === 'downgrade_webclient'
}
