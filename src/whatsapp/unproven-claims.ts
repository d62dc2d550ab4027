import {
  type BinaryNode,
  extractAddressingContext,
  isLidUser,
  isPnUser,
  jidDecode,
} from '@whiskeysockets/baileys'
import type { LidLookup } from './sender-identity.ts'

/** The envelope's other name of somebody, by phone number or by LID. */
const OTHER_NAMES = [
  'sender_pn',
  'participant_pn',
  'peer_recipient_pn',
  'sender_lid',
  'participant_lid',
  'peer_recipient_lid',
] as const

/**
 * Takes out of a message's stanza, before Baileys sees it, what the envelope claims and nothing proves:
 * - words in clear. Channels have them, and only they: a person's words are encrypted by that person, or nobody's;
 * - an author besides the sender in a chat of two: the sender's key is the one that decrypts it;
 * - another phone number for a LID than WhatsApp told before. Baileys would believe it, and whoever wrote it would be
 *   let in as the owner of that number; without it they are who they were. A number that really changed is learnt
 *   from the server's directory, when it is allowed.
 */
export function removeUnprovenClaims(stanza: BinaryNode, lookUp: LidLookup): void {
  if (Array.isArray(stanza.content)) stanza.content = stanza.content.filter(({ tag }) => tag !== 'plaintext')
  if (isPnUser(stanza.attrs.from) || isLidUser(stanza.attrs.from)) delete stanza.attrs.participant
  if (!contradicts(stanza, lookUp)) return
  for (const name of OTHER_NAMES) delete stanza.attrs[name]
}

function contradicts(stanza: BinaryNode, lookUp: LidLookup): boolean {
  const { from, participant, recipient } = stanza.attrs
  // Between our own devices the other name is the recipient's.
  const named = participant || recipient || from
  const { senderAlt } = extractAddressingContext(stanza)
  const lid = [named, senderAlt].find(isLidUser)
  const number = [named, senderAlt].find(isPnUser)
  if (lid === undefined || number === undefined) return false
  const known = lookUp(jidDecode(lid)?.user ?? '')
  return known !== null && known !== jidDecode(number)?.user
}
