import { isPnUser, jidDecode, jidEncode, type WASocket } from '@whiskeysockets/baileys'
import {
  type FetchedSessions,
  fetchSessions,
  FURTHER_KEYS_TIMEOUT_MS,
  refuseClosed,
  withoutSession,
} from './fetch-sessions.ts'
import type { KeylessDevices } from './keyless-devices.ts'
import type { LinkCaches } from '../signal/link-caches.ts'
import { listDevices } from './list-devices.ts'
import { NoRecipientKeys } from './no-recipient-keys.ts'
import { NoRecipientDevice } from './no-recipient-device.ts'
import type { ListedDevice, SendPlan } from '../outbound/sending.ts'

/**
 * Fetches the recipient's devices and the sessions with them before a send, so that the send itself asks the network
 * nothing while it holds the lock that decryption needs. Answers with the devices that there is a session with; the
 * others are left out, and asked for again later. Throws `NoRecipientKeys` when none of the recipient's is left, and
 * the failure when that is not known: Baileys would send a message without recipients and report success.
 */
export async function warmSessions(
  socket: WASocket,
  chat: string,
  { devices: lists, keylessDevices: keyless }: Pick<LinkCaches, 'devices' | 'keylessDevices'>,
): Promise<SendPlan> {
  const own = ownAddress(socket, chat)
  const recipient = jidDecode(chat)?.user ?? ''
  const self = jidDecode(own)?.user ?? ''
  await lookUpLid(socket, chat)
  const listed = await listDevices(socket, [own, chat], lists)
  const copied = recipient === self ? [] : reachOwn(socket, listed.get(self) ?? [], keyless)
  // The send may fail before it awaits this promise: a rejection must not be left unhandled.
  Promise.resolve(copied).catch(() => {})
  let theirs = listed.get(recipient) ?? []
  let fetched = await fetchTheirs(socket, theirs, keyless)
  if (fetched.refused.length > 0 || theirs.length === 0) {
    // A remembered list may name a device that is gone by now, and lack the one that took its place; or WhatsApp, asked
    // for several lists, said nothing about this one. Asked for alone, a list without devices is not remembered.
    lists.del(recipient)
    theirs = (await listDevices(socket, [chat], lists)).get(recipient) ?? []
    fetched = await fetchTheirs(socket, theirs, keyless)
  }
  if (theirs.length === 0) throw new NoRecipientDevice()
  refuseClosed(socket, fetched)
  const reached = reachedOf(theirs, fetched, keyless)
  return { devices: new Map([[self, await copied] as const, [recipient, reached] as const]) }
}

/** Where no device is left to send to, those that are resting are asked for as well. */
async function fetchTheirs(
  socket: WASocket,
  theirs: readonly ListedDevice[],
  keyless: KeylessDevices,
): Promise<FetchedSessions> {
  const addresses = addressesOf(theirs)
  const lacksPhone = (await withoutSession(socket, addresses)).some(isPhone)
  const timeLimitMs = lacksPhone ? undefined : FURTHER_KEYS_TIMEOUT_MS
  const fetched = await fetchSessions(socket, addresses, { keyless, timeLimitMs })
  const isInVain = addresses.every((jid) => fetched.missing.has(jid))
  if (!isInVain || fetched.failure !== undefined || fetched.refused.length > 0) return fetched
  return fetchSessions(socket, addresses, { keyless, ask: 'all' })
}

/** Those of the recipient's devices that there is a session with. */
function reachedOf(
  theirs: readonly ListedDevice[],
  { missing, failure }: FetchedSessions,
  keyless: KeylessDevices,
): ListedDevice[] {
  const reached = theirs.filter(({ jid }) => !missing.has(jid))
  // That says nothing about the keys, and the phone is the one device that everybody reads on.
  if (failure !== undefined && (reached.length === 0 || [...missing].some(isPhone))) throw failure
  if (reached.length === 0) throw new NoRecipientKeys()
  if (failure !== undefined) keyless.rest(missing)
  return reached
}

/** Our own phone gets a copy as a courtesy: one whose keys cannot be had must not hold up the reply. */
async function reachOwn(
  socket: WASocket,
  ours: readonly ListedDevice[],
  keyless: KeylessDevices,
): Promise<ListedDevice[]> {
  const options = { keyless, timeLimitMs: FURTHER_KEYS_TIMEOUT_MS }
  const { missing, failure } = await fetchSessions(socket, addressesOf(ours), options)
  refuseClosed(socket, { failure })
  if (failure !== undefined) keyless.rest(missing)
  return ours.filter(({ jid }) => !missing.has(jid))
}

function isPhone(jid: string): boolean {
  return (jidDecode(jid)?.device ?? 0) === 0
}

function addressesOf(devices: readonly ListedDevice[]): string[] {
  return devices.map(({ jid }) => jid)
}

/** The send looks it up for the privacy token: by then it is known, or known not to be there. */
async function lookUpLid(socket: WASocket, chat: string): Promise<void> {
  if (isPnUser(chat) !== true) return
  // Without an answer the send goes on without the LID.
  await socket.signalRepository.lidMapping.getLIDForPN(chat).catch(() => null)
}

/** Our own address in the form of the chat's: the relay uses the same. */
function ownAddress(socket: WASocket, chat: string): string {
  const { me } = socket.authState.creds
  const lid = jidDecode(me?.lid)
  if (jidDecode(chat)?.server === 'lid' && lid !== undefined) return jidEncode(lid.user, 'lid')
  return jidEncode(jidDecode(me?.id)?.user ?? '', 's.whatsapp.net')
}
