import { isLidUser, isPnUser, jidDecode, type WAMessageKey } from '@whiskeysockets/baileys'
import type { SenderIdentity } from '../accounts/transport.ts'

/** What the store knows of LIDs: the phone number's digits, or `null`. */
export type LidLookup = (lidUser: string) => string | null

/**
 * Who wrote a message, from its envelope and what WhatsApp's server told before. LID digits are never a number; two
 * sources that contradict each other are a conflict. `null` for addresses that are no person (bots, hosted, broadcast).
 */
export function identifySender(key: WAMessageKey, lookUp: LidLookup): SenderIdentity | null {
  // In a 1:1 chat some servers leave `participant` empty instead of leaving it out.
  const address = key.participant || key.remoteJid
  const alternate = key.participant ? key.participantAlt : key.remoteJidAlt
  if (!address) return null
  return identifyAddress(address, alternate ?? null, lookUp)
}

/** The same for a bare address, with the other form of it where the envelope carried one. */
export function identifyAddress(
  address: string,
  alternate: string | null,
  lookUp: LidLookup,
): SenderIdentity | null {
  if (isPnUser(address)) return fromNumber(address, alternate, lookUp)
  if (!isLidUser(address)) return null
  const lidUser = userOf(address)
  if (lidUser === null) return null
  const told = alternate !== null && isPnUser(alternate) ? userOf(alternate) : null
  const known = lookUp(lidUser)
  const conflict = told !== null && known !== null && told !== known
  const digits = told ?? known
  return { phoneNumber: digits === null ? null : `+${digits}`, address, conflict }
}

function fromNumber(address: string, alternate: string | null, lookUp: LidLookup): SenderIdentity | null {
  const digits = userOf(address)
  if (digits === null) return null
  const lidUser = alternate !== null && isLidUser(alternate) ? userOf(alternate) : null
  const known = lidUser === null ? null : lookUp(lidUser)
  return { phoneNumber: `+${digits}`, address, conflict: known !== null && known !== digits }
}

function userOf(jid: string): string | null {
  const user = jidDecode(jid)?.user
  return user !== undefined && /^\d{1,20}$/.test(user) ? user : null
}
