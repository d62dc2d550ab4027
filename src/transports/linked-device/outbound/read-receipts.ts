import {
  type BinaryNode,
  type Contact,
  getBinaryNodeChildren,
  isJidGroup,
  jidNormalizedUser,
  proto,
  type WAMessageUpdate,
} from '@whiskeysockets/baileys'
import { isOurs } from '../inbound/owner-stanza.ts'

const READ_TYPES: readonly (string | undefined)[] = ['read', 'played']
/** Where people are not to see what is read, own devices are told by a type of its own. */
const OWN_READ_TYPES: readonly (string | undefined)[] = [...READ_TYPES, 'read-self']

/**
 * Which messages of ours this receipt says are read; empty for every other receipt, and in groups. Baileys merges what
 * comes within one moment, the later over the earlier: "delivered" from a second device would replace "read".
 */
export function readMessages({ attrs, content }: BinaryNode): WAMessageUpdate[] {
  const { from, id, type, recipient } = attrs
  // With a recipient it is about what one of our own devices has read.
  if (!READ_TYPES.includes(type) || recipient !== undefined || !from || isJidGroup(from) === true) return []
  return idsIn({ id, content }).map((each) => ({
    key: { remoteJid: from, id: each, fromMe: true },
    update: { status: proto.WebMessageInfo.Status.READ },
  }))
}

/**
 * Which messages of others another device of the account has read, and in which chat; `null` for every other receipt. Such a receipt
 * comes from the account itself: with the chat as `recipient`, in a group from the group with the account as `participant` (whatsmeow,
 * `parseMessageSource`).
 */
export function readByOwnDevice(
  { attrs, content }: BinaryNode,
  me: Contact | undefined,
): { chat: string; messageIds: string[] } | null {
  const { from, id, type, recipient, participant } = attrs
  if (!OWN_READ_TYPES.includes(type) || me === undefined || !from) return null
  const isInGroup = isJidGroup(from) === true
  const [reader, chat] = isInGroup ? [participant, from] : [from, recipient]
  if (!reader || !chat || !isOurs(reader, me)) return null
  return { chat: isInGroup ? chat : jidNormalizedUser(chat), messageIds: idsIn({ id, content }) }
}

function idsIn({ id, content }: { id: string | undefined; content: BinaryNode['content'] }): string[] {
  const [list] = Array.isArray(content) ? content : []
  const items = list === undefined ? [] : getBinaryNodeChildren(list, 'item')
  return [id, ...items.map((item) => item.attrs.id)].flatMap((each) => (each === undefined ? [] : [each]))
}
