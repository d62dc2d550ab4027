import type { proto } from '@whiskeysockets/baileys'
import type { Account } from '../server/account.ts'
import { SimulatedGroup } from '../server/groups/group.ts'
import type { RecordedMessage, SentMessage } from './records.ts'

/** The message that a reaction, a quote, an edit or a deletion is about: one that the phone shows, or one that it sent. */
export type Target = RecordedMessage | SentMessage

/** Where something is written: a person's account, or a group. */
export type Chat = Account | SimulatedGroup

export function isGroup(chat: Chat): chat is SimulatedGroup {
  return chat instanceof SimulatedGroup
}

/** Whether a message was written by the phone's own account. */
export function isOwn(target: Target): boolean {
  return !('from' in target) || target.viaOwnAccount
}

/**
 * The key that names a message to others. With `claimed` it says that the message is the phone's own, as a hostile client
 * would say of another person's message.
 */
export function messageKey(
  target: Target,
  o: { chat: Chat; author: Account; claimed?: boolean },
): proto.IMessageKey {
  const { chat, author } = o
  const fromMe = isOwn(target) || o.claimed === true
  if (!isGroup(chat)) return { remoteJid: chat.deviceJid(target.mode), fromMe, id: target.id }
  const key = { remoteJid: chat.jid, fromMe, id: target.id }
  return fromMe ? key : { ...key, participant: author.deviceJid(chat.modeOf(author)) }
}
