import { isHostedLidUser, isLidUser } from '@whiskeysockets/baileys'
import type { Account, AddressingMode } from './account.ts'
import type { Device } from './account.ts'
import type { Stanza } from '../wire/stanza.ts'
import { stanza } from '../wire/stanza.ts'

/** The mode in which `jid` names somebody. */
export function modeOf(jid: string | undefined): AddressingMode {
  return isLidUser(jid) || isHostedLidUser(jid) ? 'lid' : 'pn'
}

/** The author of a stanza: in a group the member, otherwise the other side of the chat. */
export function authorOf({ attrs }: Stanza): string | undefined {
  return attrs.participant || attrs.from
}

/** The JID of a device in a mode: without a device part for a phone. */
export function deviceJid(device: Device, mode: AddressingMode): string {
  return device.account.deviceJid(mode, device.deviceId)
}

/** The attributes that name an account as the sender; the mode of the envelope decides which of the two is used. */
export function claimOf(account: Account, isGroup: boolean): Record<string, string> {
  const role = isGroup ? 'participant' : 'sender'
  return { [`${role}_pn`]: account.jid, [`${role}_lid`]: account.lid }
}

/**
 * A message as the server hands it to one device. Between devices of one account it names the chat in `recipient`;
 * otherwise it carries the sender's other address, where the server knows it.
 */
export function envelope(o: {
  id: string
  type: string
  timestamp: string
  mode: AddressingMode
  sender: Device
  senderName: string
  recipient: Device
  /** The chat, for a message between devices of one account. */
  chat: { jid: string; alternate: string | undefined } | undefined
  content: Stanza[]
  /** Attributes that replace the usual ones. */
  attributes?: Readonly<Record<string, string | undefined>>
}): Stanza {
  const isOwn = o.sender.account === o.recipient.account
  const alternate = isOwn ? o.chat?.alternate : o.sender.account.alternateJid(o.mode)
  const alternateName = `${isOwn ? 'peer_recipient' : 'sender'}_${o.mode === 'lid' ? 'pn' : 'lid'}`
  const attributes = {
    from: deviceJid(o.sender, o.mode),
    recipient: isOwn ? o.chat?.jid : undefined,
    id: o.id,
    t: o.timestamp,
    type: o.type,
    notify: o.senderName,
    addressing_mode: o.mode,
    [alternateName]: alternate,
    ...o.attributes,
  }
  return stanza('message', attributes, o.content)
}
