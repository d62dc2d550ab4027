import {
  type BinaryNode,
  buildAckStanza,
  jidDecode,
  NACK_REASONS,
  S_WHATSAPP_NET,
} from '@whiskeysockets/baileys'
import { isAppStateNews } from './app-state-news.ts'

/** Stanzas that Baileys answers, or that want no answer. */
const KNOWN_TAGS: ReadonlySet<string> = new Set([
  'message',
  'receipt',
  'notification',
  'call',
  'ack',
  'ib',
  'presence',
  'chatstate',
  'success',
  'failure',
  'error',
  'features',
  'stream:error',
  'stream:features',
  'xmlstreamend',
])

/** What Baileys acknowledges in the name of the linked account, and leaves unanswered while there is none. */
const ACKNOWLEDGED_TAGS: ReadonlySet<string> = new Set(['notification', 'call', 'receipt'])

const PING_NAMESPACE = 'urn:xmpp:ping'
const NOT_IMPLEMENTED = { code: '501', text: 'feature-not-implemented' }

type Answer = (stanza: BinaryNode, own: string | undefined) => BinaryNode | null

/** Orders of the server that Baileys answers. */
const isLinking = (stanza: BinaryNode): boolean =>
  stanza.attrs.type === 'set' && ['pair-device', 'pair-success'].includes(firstTag(stanza))

/** The server repeats a query without an answer, until it gives the client up. */
const answerIq: Answer = (stanza) => {
  const { id, type, from, xmlns } = stanza.attrs
  if (!id || (type !== 'get' && type !== 'set') || isLinking(stanza)) return null
  // Only the server asks; a person would learn that somebody is here.
  if (jidDecode(from)?.user) return null
  const to = from || S_WHATSAPP_NET
  const isPing = type === 'get' && (xmlns === PING_NAMESPACE || firstTag(stanza) === 'ping')
  if (isPing) return { tag: 'iq', attrs: { to, type: 'result', id } }
  return {
    tag: 'iq',
    attrs: { to, type: 'error', id },
    content: [{ tag: 'error', attrs: NOT_IMPLEMENTED }],
  }
}

/** Statuses are not for us; unacknowledged, they come again with each connection, and cost it every fifty minutes. */
const answerStatus: Answer = (stanza, own) => {
  const ack = buildAckStanza(stanza)
  return own === undefined ? ack : { ...ack, attrs: { ...ack.attrs, from: own } }
}

/**
 * The answer to a stanza that Baileys 7.0.0-rc14 leaves unanswered, or is not given: queries of the server, status
 * updates, news of the app state, unknown kinds of stanzas (488), and whatever comes while no account is linked. `own` is this device's JID once it has
 * one. `null` where no answer is due, or no recipient is named. Sources: whatsmeow `handleIQ`,
 * whatsapp-rust `protocol/nack.rs`.
 */
export function answerStanza(stanza: BinaryNode, own: string | undefined): BinaryNode | null {
  const { tag, attrs } = stanza
  if (tag === 'iq') return answerIq(stanza, own)
  if (!attrs.id || !attrs.from) return null
  if (tag === 'status') return answerStatus(stanza, own)
  if (isAppStateNews(stanza)) return buildAckStanza(stanza)
  if (ACKNOWLEDGED_TAGS.has(tag)) return own === undefined ? buildAckStanza(stanza) : null
  return KNOWN_TAGS.has(tag) ? null : buildAckStanza(stanza, NACK_REASONS.UnrecognizedStanza)
}

function firstTag({ content }: BinaryNode): string {
  return Array.isArray(content) ? (content[0]?.tag ?? '') : ''
}
