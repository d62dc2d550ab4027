import {
  areJidsSameUser,
  type BinaryNode,
  type Contact,
  getBinaryNodeChildren,
  isJidGroup,
} from '@whiskeysockets/baileys'
import type { GroupDirectory } from '../groups/group-directory.ts'

export interface RetryRights {
  groups: Pick<GroupDirectory, 'isMember'>
  /** The linked account; its own devices may ask for everything. */
  me: Contact | undefined
  /** Whether we sent this to that chat, and would send it again. */
  isSent(id: string, chat: string): boolean
}

/**
 * Takes the request out of a retry receipt, before Baileys sees it, that asks for what was not sent to its sender, or
 * that comes from no member of the group it names: Baileys would ask WhatsApp for the keys of the sender, and in a
 * group encrypt the message for them. What is left is acknowledged and means nothing.
 */
export function removeForeignRetry(receipt: BinaryNode, rights: RetryRights): void {
  if (receipt.attrs.type !== 'retry' || mayAsk(receipt.attrs, rights)) return
  // Baileys remembers the children of each stanza by their first names, once anybody has asked: take it out of there too.
  for (const child of getBinaryNodeChildren(receipt, 'retry').splice(0)) child.tag = 'refused'
}

function mayAsk(
  { from, participant, id }: BinaryNode['attrs'],
  { groups, me, isSent }: RetryRights,
): boolean {
  if (from === undefined || id === undefined) return false
  const isGroup = isJidGroup(from) === true
  // In a chat of two who asks is who the server delivers from: the keys in the request would count for somebody else.
  if (!isGroup && participant && !areJidsSameUser(participant, from)) return false
  const asker = participant || from
  // Baileys takes two addresses that say nothing for the same one.
  const isOwn = (own: string | undefined): boolean => own !== undefined && areJidsSameUser(asker, own)
  if (isOwn(me?.id) || isOwn(me?.lid)) return true
  if (isGroup && (!participant || !groups.isMember(from, participant))) return false
  return isSent(id, from)
}
