import { type GroupMetadata, jidDecode, type WASocket } from '@whiskeysockets/baileys'
import type { GroupDirectory } from './group-directory.ts'
import { NotInGroup } from './not-in-group.ts'

/**
 * Who is in the group and what it is called: what is fresh of it, or as WhatsApp says now. Throws `NotInGroup` when the account cannot
 * write there, and Baileys' error when WhatsApp does not answer.
 */
export async function learnMembers(
  socket: WASocket,
  group: string,
  groups: GroupDirectory,
): Promise<GroupMetadata> {
  const known = groups.fresh(group)
  if (known !== undefined) return known
  const metadata = await socket.groupMetadata(group).catch((error: unknown) => {
    throw NotInGroup.isMeantBy(error) ? new NotInGroup({ cause: error }) : error
  })
  // First the key: a crash in between must not leave it with somebody who is known to have left.
  if (groups.hasLostSomebody(metadata)) await changeSenderKey(socket, group)
  groups.learn(metadata)
  return metadata
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

/** As Baileys files them (rc14 `Signal/libsignal.js`, `jidToSignalSenderKeyName`). */
function senderKeyName(group: string, jid: string | undefined): string | null {
  const decoded = jidDecode(jid)
  if (decoded === undefined) return null
  const { user, device, domainType } = decoded
  return `${group}::${domainType ? `${user}_${domainType}` : user}::${device ?? 0}`
}
