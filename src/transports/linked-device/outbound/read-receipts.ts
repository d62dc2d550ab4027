import {
  type BinaryNode,
  getBinaryNodeChildren,
  isJidGroup,
  proto,
  type WAMessageUpdate,
} from '@whiskeysockets/baileys'

const READ_TYPES: readonly (string | undefined)[] = ['read', 'played']

/**
 * Which messages of ours this receipt says are read; empty for every other receipt, and in groups. Baileys merges what
 * comes within one moment, the later over the earlier: "delivered" from a second device would replace "read".
 */
export function readMessages({ attrs, content }: BinaryNode): WAMessageUpdate[] {
  const { from, id, type, recipient } = attrs
  // With a recipient it is about what one of our own devices has read.
  if (!READ_TYPES.includes(type) || recipient !== undefined || !from || isJidGroup(from) === true) return []
  const [list] = Array.isArray(content) ? content : []
  const items = list === undefined ? [] : getBinaryNodeChildren(list, 'item')
  return [id, ...items.map((item) => item.attrs.id)].flatMap((each) =>
    each === undefined
      ? []
      : [
          {
            key: { remoteJid: from, id: each, fromMe: true },
            update: { status: proto.WebMessageInfo.Status.READ },
          },
        ],
  )
}
