import { type BinaryNode, type Contact, isLidUser, jidDecode } from '@whiskeysockets/baileys'

/**
 * Puts the account's known LID into a `<success>` that names none, before Baileys sees it: Baileys 7.0.0-rc14 takes
 * what stands there for the LID, also when nothing does, and people with a LID could not be answered any more.
 */
export function keepOwnLid({ attrs }: BinaryNode, me: Contact | undefined): void {
  if (isLidUser(attrs.lid) === true && jidDecode(attrs.lid)?.user) return
  if (me?.lid === undefined) delete attrs.lid
  else attrs.lid = me.lid
}
