import {
  areJidsSameUser,
  type BinaryNode,
  type Contact,
  isJidGroup,
  jidDecode,
} from '@whiskeysockets/baileys'
import type { SenderIdentity } from '../../../messaging/identity.ts'
import { identifyAddress, type KnownLids } from '../identity/sender-identity.ts'

/** Whether a JID is one of the account's own two. */
export function isOurs(jid: string, me: Contact): boolean {
  return areJidsSameUser(jid, me.id) || areJidsSameUser(jid, me.lid)
}

/**
 * The other side of a direct chat in which the account's owner wrote on another device. `alternate` is the other name that
 * the envelope gives; some servers name the account itself there, which says nothing. `null` where it is no person.
 */
export function identifyRecipient(
  address: string,
  alternate: string | null,
  context: { me: Contact; known: KnownLids },
): SenderIdentity | null {
  const { me, known } = context
  return identifyAddress(address, alternate === null || isOurs(alternate, me) ? null : alternate, known)
}

/**
 * Whether the words of an encrypted stanza may be written to the disk before its verdict falls. What the account's owner
 * writes on another device may not, unless the other side is somebody whose conversation is kept: it is nobody's message
 * to the assistant. What comes without `recipient` is no part of a chat of two. `wantsHistory`: what the own phone shares is kept until it
 * is read.
 */
export function mayKeepWords(
  { attrs }: BinaryNode,
  context: { me: Contact; known: KnownLids },
  {
    keepsOwnerWords,
    wantsHistory,
  }: { keepsOwnerWords: (to: SenderIdentity) => boolean; wantsHistory: () => boolean },
): boolean {
  const { from, recipient, category } = attrs
  // What the own phone shares with its linked devices: the history has the words of everybody.
  if (category === 'peer' && from !== undefined && isOurs(from, context.me)) return wantsHistory()
  if (from === undefined || recipient === undefined || isJidGroup(from) === true) return true
  if (!isOurs(from, context.me)) return true
  const alternate = attrs.peer_recipient_pn ?? attrs.peer_recipient_lid ?? null
  const to = isOurs(recipient, context.me)
    ? identifyAddress(context.me.id, null, context.known)
    : identifyRecipient(recipient, alternate, context)
  return to !== null && keepsOwnerWords(to)
}

/** Whether the account's owner wrote this on another device to somebody else, who has one of these names (user parts of addresses). */
export function isOwnersWordTo({ attrs }: BinaryNode, me: Contact, names: ReadonlySet<string>): boolean {
  const { from, recipient, category, peer_recipient_pn: number, peer_recipient_lid: lid } = attrs
  if (from === undefined || recipient === undefined || category === 'peer') return false
  if (!isOurs(from, me) || isOurs(recipient, me)) return false
  return [recipient, number, lid].some((name) => {
    const user = jidDecode(name)?.user
    return user !== undefined && names.has(user)
  })
}
