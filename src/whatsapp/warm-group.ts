import { jidDecode, type WASocket } from '@whiskeysockets/baileys'
import type { GroupDirectory } from './group-directory.ts'
import { NotInGroup } from './not-in-group.ts'
import { fetchSessions } from './warm-sessions.ts'
import type { StoredCache } from './stored-cache.ts'

/**
 * Learns who is in the group, on which devices, and opens the sessions that its sender key goes out with, before a send:
 * the send itself asks the network nothing while it holds the lock that decryption needs. Throws `NotInGroup`
 * when the account cannot write there.
 */
export async function warmGroup(
  socket: WASocket,
  group: string,
  groups: GroupDirectory,
  deviceLists: StoredCache,
): Promise<void> {
  const members = await learnMembers(socket, group, groups)
  if (!groups.isKeyed(group)) {
    await forgetKeyHolders(socket, group)
    // A list of our own may lack devices that a direct chat went on without; here each needs the key.
    const { me } = socket.authState.creds
    for (const jid of [me?.id, me?.lid]) deviceLists.del(jidDecode(jid)?.user ?? '')
  }
  try {
    await warm(socket, members)
  } catch {
    // A remembered list may name a device that is gone by now.
    for (const jid of members) deviceLists.del(jidDecode(jid)?.user ?? '')
    await warm(socket, members)
  }
}

async function warm(socket: WASocket, members: string[]): Promise<void> {
  const devices = await socket.getUSyncDevices(members, true, false)
  await fetchSessions(
    socket,
    devices.map(({ jid }) => jid),
  )
}

async function learnMembers(socket: WASocket, group: string, groups: GroupDirectory): Promise<string[]> {
  const known = groups.fresh(group)
  if (known !== undefined) return known.participants.map(({ id }) => id)
  const metadata = await socket.groupMetadata(group).catch((error: unknown) => {
    throw NotInGroup.isMeantBy(error) ? new NotInGroup({ cause: error }) : error
  })
  // First the key: a crash in between must not leave it with somebody who is known to have left.
  if (groups.hasLostSomebody(metadata)) await changeSenderKey(socket, group)
  groups.learn(metadata)
  return metadata.participants.map(({ id }) => id)
}

/** Whoever left has the key that we sent with: the next message goes out under another one. */
async function changeSenderKey(socket: WASocket, group: string): Promise<void> {
  const { creds, keys } = socket.authState
  const names = [creds.me?.id, creds.me?.lid].flatMap((jid) => senderKeyName(group, jid) ?? [])
  await keys.transaction(async () => {
    await keys.set({
      'sender-key': Object.fromEntries(names.map((name) => [name, null])),
      'sender-key-memory': { [group]: null },
    })
  }, creds.me?.id ?? group)
}

/** The next message brings our sender key to every device again: the one that was to bring it may have been lost. */
async function forgetKeyHolders(socket: WASocket, group: string): Promise<void> {
  const { creds, keys } = socket.authState
  await keys.transaction(async () => {
    await keys.set({ 'sender-key-memory': { [group]: null } })
  }, creds.me?.id ?? group)
}

/** As Baileys files them (rc14 `Signal/libsignal.js`, `jidToSignalSenderKeyName`). */
function senderKeyName(group: string, jid: string | undefined): string | null {
  const decoded = jidDecode(jid)
  if (decoded === undefined) return null
  const { user, device, domainType } = decoded
  return `${group}::${domainType ? `${user}_${domainType}` : user}::${device ?? 0}`
}
