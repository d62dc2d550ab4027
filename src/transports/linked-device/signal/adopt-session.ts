import { isLidUser, jidDecode, jidEncode, type SignalKeyStore } from '@whiskeysockets/baileys'
import type { LidDirectory } from '../identity/lid-directory.ts'

export interface SessionPlaces {
  keys: SignalKeyStore
  directory: Pick<LidDirectory, 'numberOf'>
  /** Under which id the session with a device is kept. */
  addressOf(jid: string): string
}

/**
 * Moves a device's session, and its identity, from its number to its LID where WhatsApp's directory says whose LID it is and
 * there is none under it: it was begun, or imported, when nobody knew the LID. Baileys moves only what its own lists of
 * devices name, and not when it knew the LID before. Call it in the transaction of the message that is to be read.
 */
export async function adoptSession(jid: string, places: SessionPlaces): Promise<void> {
  const { keys, directory, addressOf } = places
  if (isLidUser(jid) !== true) return
  const { user = '', device } = jidDecode(jid) ?? {}
  const number = directory.numberOf(user)
  if (number === null) return
  const [under, former] = [addressOf(jid), addressOf(jidEncode(number, 's.whatsapp.net', device))]
  const sessions = await keys.get('session', [under, former])
  const session = sessions[former]
  if (sessions[under] || !session) return
  const identity = (await keys.get('identity-key', [former]))[former]
  await keys.set({
    session: { [under]: session, [former]: null },
    ...(identity && { 'identity-key': { [under]: identity, [former]: null } }),
  })
}
