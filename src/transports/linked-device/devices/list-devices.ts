import { jidDecode, type WASocket } from '@whiskeysockets/baileys'
import { inItsDomain } from './device-domain.ts'
import { deviceName } from './device-name.ts'
import type { ListedDevice } from '../outbound/sending.ts'
import type { StoredCache } from '../signal/stored-cache.ts'

/**
 * The devices of these users, by user part of their address; each device once, those without a session too, and never
 * this one, which Baileys leaves in where it is named by its LID (rc14 `extractDeviceJids`). A user
 * about whom WhatsApp, being asked together with others, says nothing has none for as long as a list is remembered: the
 * question would come again with every message. Rejects when WhatsApp refuses.
 */
export async function listDevices(
  socket: Pick<WASocket, 'authState' | 'getUSyncDevices'>,
  users: readonly string[],
  lists: StoredCache,
): Promise<Map<string, ListedDevice[]>> {
  const { me } = socket.authState.creds
  const self = new Set([me?.id, me?.lid].map((jid) => deviceName(jid)))
  const names = users.map((jid) => jidDecode(jid)?.user ?? '')
  const unknown = names.filter((name) => lists.get(name) === undefined)
  const byUser = new Map<string, Map<string, ListedDevice>>(names.map((name) => [name, new Map()]))
  const named = new Set<string>()
  for (const device of await socket.getUSyncDevices([...users], true, false)) {
    // The declared type has it as optional; rc14 always sets it, and sends to it.
    const listed = inItsDomain(device as ListedDevice)
    named.add(listed.user)
    if (!self.has(deviceName(listed.jid))) byUser.get(listed.user)?.set(listed.jid, listed)
  }
  // Not by what is remembered: a list may have been forgotten meanwhile, because it has changed.
  const silent = unknown.filter((name) => !named.has(name))
  if (silent.length < unknown.length) for (const name of silent) lists.set(name, [])
  return new Map([...byUser].map(([name, devices]) => [name, [...devices.values()]]))
}
