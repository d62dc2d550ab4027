import {
  areJidsSameUser,
  type BinaryNode,
  isJidBroadcast,
  isJidGroup,
  isPnUser,
  jidDecode,
} from '@whiskeysockets/baileys'
import type { KnownLids } from './sender-identity.ts'

/**
 * Takes out of a message's stanza, before Baileys sees it, what nothing proves:
 * - words in clear. Only channels have them: a person's words are encrypted by that person;
 * - an author besides the sender in a chat of two: the sender's key is the one that decrypts it.
 * The other name that the envelope gives for its sender stays: it is judged with the message (`sender-identity.ts`),
 * and whatever Baileys makes of it goes no further than `signal-repository.ts`.
 */
export function removeUnprovenClaims(stanza: BinaryNode): void {
  if (Array.isArray(stanza.content)) stanza.content = stanza.content.filter(({ tag }) => tag !== 'plaintext')
  const { from } = stanza.attrs
  if (isJidGroup(from) !== true && isJidBroadcast(from ?? '') !== true) delete stanza.attrs.participant
}

/**
 * Takes the sender's LID out of a notification where the directory does not say the same: Baileys files a privacy token
 * under it, and somebody else's would be sent with what we write to that person.
 */
export function removeUnprovenLid({ attrs }: BinaryNode, known: KnownLids): void {
  const { from, sender_lid: lid } = attrs
  if (from === undefined || lid === undefined || areJidsSameUser(from, lid)) return
  const number = isPnUser(from) ? jidDecode(from)?.user : undefined
  if (number === undefined || known.lidOf(number) !== jidDecode(lid)?.user) delete attrs.sender_lid
}
