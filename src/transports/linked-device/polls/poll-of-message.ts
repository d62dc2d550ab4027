import { type Contact, jidNormalizedUser, type WAMessage } from '@whiskeysockets/baileys'
import { isOurs } from '../inbound/owner-stanza.ts'
import { unwrapMessage } from '../inbound/unwrap-message.ts'
import { line, MAX_ITEMS } from '../../../text/description/part-texts.ts'
import type { KnownPoll } from './known-polls.ts'

/** The poll or the event that a message is, for the votes that follow; `null` for every other message, and without a secret. */
export function pollOfMessage(message: WAMessage, me: Contact): KnownPoll | null {
  const { id } = message.key
  const { body, secret } = unwrapMessage(message.message ?? {})
  if (!id || secret === null) return null
  const poll =
    body.pollCreationMessage ??
    body.pollCreationMessageV2 ??
    body.pollCreationMessageV3 ??
    body.pollCreationMessageV5
  const common = { messageId: id, secret, authors: writersOf(message.key, me) }
  if (poll) {
    const options = (poll.options ?? []).slice(0, MAX_ITEMS).map(({ optionName }) => optionName ?? '')
    return { ...common, kind: 'poll', title: line(poll.name), options }
  }
  const { eventMessage } = body
  return eventMessage ? { ...common, kind: 'event', title: line(eventMessage.name), options: [] } : null
}

/** The addresses under which a phone may know whoever wrote a message, without a device. */
export function writersOf(key: WAMessage['key'], me: Contact): string[] {
  const { participant, participantAlt, remoteJid, remoteJidAlt, fromMe } = key
  const named = participant ? [participant, participantAlt] : [remoteJid, remoteJidAlt]
  const isOwn = fromMe === true || named.some((jid) => jid != null && isOurs(jid, me))
  const all = isOwn ? [me.id, me.lid] : named
  return [...new Set(all.flatMap((jid) => (jid ? [jidNormalizedUser(jid)] : [])))]
}
