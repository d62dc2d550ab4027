import { jidDecode, type WASocket } from '@whiskeysockets/baileys'
import {
  type FetchedSessions,
  fetchSessions,
  FURTHER_KEYS_TIMEOUT_MS,
  refuseClosed,
  withoutSession,
} from './fetch-sessions.ts'
import type { GroupDirectory } from '../groups/group-directory.ts'
import type { KeylessDevices } from './keyless-devices.ts'
import type { LinkCaches } from '../signal/link-caches.ts'
import { listDevices } from './list-devices.ts'
import { NoRecipientKeys } from './no-recipient-keys.ts'
import { learnMembers } from '../groups/learn-members.ts'
import type { ListedDevice, SendPlan } from '../outbound/sending.ts'

/** By user part of their address. */
type ListedDevices = ReadonlyMap<string, readonly ListedDevice[]>

/**
 * Learns who is in the group, on which devices, and opens the sessions that its sender key goes out with, before a send:
 * the send itself asks the network nothing while it holds the lock that decryption needs. Answers with the devices that
 * there is a session with; the others get the key with a later message, or when they ask for this one. Throws
 * `NotInGroup` when the account cannot write there, `NoRecipientKeys` when no member has keys, and the failure when that
 * is not known.
 */
export async function warmGroup(
  socket: WASocket,
  group: string,
  groups: GroupDirectory,
  { devices: lists, keylessDevices: keyless }: Pick<LinkCaches, 'devices' | 'keylessDevices'>,
): Promise<SendPlan> {
  const metadata = await learnMembers(socket, group, groups)
  const members = metadata.participants.map(({ id }) => id)
  if (!groups.isKeyed(group)) await forgetKeyHolders(socket, group)
  let listed = await listDevices(socket, members, lists)
  let fetched = await fetchMembers(socket, listed, keyless)
  if (fetched.refused.length > 0) {
    // A remembered list may name a device that is gone by now, and lack the one that took its place.
    for (const jid of fetched.refused) lists.del(jidDecode(jid)?.user ?? '')
    listed = await listDevices(socket, members, lists)
    fetched = await fetchMembers(socket, listed, keyless)
  }
  refuseClosed(socket, fetched)
  const { failure, missing } = fetched
  const others = othersOf(socket, listed)
  if (members.length > 1 && others.length === 0) {
    // The next attempt asks again.
    for (const user of listed.keys()) lists.del(user)
    throw new Error('no device of the group could be found')
  }
  if (members.length > 1 && others.every((jid) => missing.has(jid))) throw failure ?? new NoRecipientKeys()
  if (failure !== undefined) keyless.rest(missing)
  const devices = new Map(
    [...listed].map(([user, each]) => [user, each.filter(({ jid }) => !missing.has(jid))] as const),
  )
  return { devices, group: metadata }
}

/** Where no device is left to send to, those that are resting are asked for as well. */
async function fetchMembers(
  socket: WASocket,
  listed: ListedDevices,
  keyless: KeylessDevices,
): Promise<FetchedSessions> {
  const addresses = [...listed.values()].flatMap((devices) => devices.map(({ jid }) => jid))
  const others = othersOf(socket, listed)
  const lacking = new Set(await withoutSession(socket, others))
  const timeLimitMs = lacking.size === others.length ? undefined : FURTHER_KEYS_TIMEOUT_MS
  const fetched = await fetchSessions(socket, addresses, { keyless, timeLimitMs })
  const isInVain = others.every((jid) => fetched.missing.has(jid))
  if (!isInVain || fetched.failure !== undefined || fetched.refused.length > 0) return fetched
  return fetchSessions(socket, addresses, { keyless, ask: 'all' })
}

/** The devices of everybody else. */
function othersOf(socket: WASocket, listed: ListedDevices): string[] {
  const { me } = socket.authState.creds
  const own = new Set([jidDecode(me?.id)?.user, jidDecode(me?.lid)?.user])
  return [...listed].flatMap(([user, devices]) => (own.has(user) ? [] : devices.map(({ jid }) => jid)))
}

/** The next message brings our sender key to every device again: the one that was to bring it may have been lost. */
async function forgetKeyHolders(socket: WASocket, group: string): Promise<void> {
  const { creds, keys } = socket.authState
  await keys.transaction(async () => {
    await keys.set({ 'sender-key-memory': { [group]: null } })
  }, creds.me?.id ?? group)
}
