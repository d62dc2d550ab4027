import { isJidGroup, jidDecode } from '@whiskeysockets/baileys'
import type { Directory } from './directory.ts'
import type { LinkedCompanion } from './linked-companion.ts'
import type { Stanza } from '../wire/stanza.ts'
import { child, children } from '../wire/stanza.ts'

const BAD_REQUEST = 400
const WRONG_ADDRESS = 463
const INVALID_STANZA = 479

/**
 * The error of a direct message whose addresses WhatsApp does not take:
 * - 400 where recipient and devices are not in one namespace (whatsapp-rust#730), and for a LID from an account that was not
 *   migrated to them (whatsapp-rust#941);
 * - 463 for the number of somebody who has a LID, from an account that was (Baileys#2683, OpenWA#717);
 * - 479 for `peer_recipient_pn` on a message between own devices or to a group, which never carry it (whatsmeow).
 */
export function addressRefusal(
  sender: LinkedCompanion,
  message: Stanza,
  directory: Directory,
): number | undefined {
  const { to, category, peer_recipient_pn: recipientNumber } = message.attrs
  if (isJidGroup(to) === true || category === 'peer')
    return recipientNumber === undefined ? undefined : INVALID_STANZA
  const recipient = directory.account(to) ?? directory.formerAccount(to)
  const participants = children(child(message, 'participants'), 'to')
  if (recipient === undefined || participants.length === 0) return undefined
  if (recipientNumber !== undefined && directory.account(recipientNumber) !== recipient) return BAD_REQUEST
  const isLid = namesLid(to)
  if (participants.some(({ attrs }) => namesLid(attrs.jid) !== isLid)) return BAD_REQUEST
  const { lidMigration } = sender.account
  if (lidMigration === 'unmigrated' && isLid && recipient.addressing !== 'lid-only') return BAD_REQUEST
  if (lidMigration === 'migrated' && !isLid && recipient.addressing === 'both') return WRONG_ADDRESS
  return undefined
}

function namesLid(jid: string | undefined): boolean {
  const server = jidDecode(jid)?.server
  return server === 'lid' || server === 'hosted.lid'
}
