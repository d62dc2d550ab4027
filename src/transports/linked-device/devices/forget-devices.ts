import {
  type BinaryNode,
  getAllBinaryNodeChildren,
  getBinaryNodeChildren,
  jidDecode,
} from '@whiskeysockets/baileys'
import type { LidDirectory } from '../identity/lid-directory.ts'
import type { LinkCaches } from '../signal/link-caches.ts'

/**
 * A `devices` notification: what is remembered of somebody's devices is stale, under each name of theirs. Some say what
 * changed, some only that something did, and those Baileys passes over (rc14 `handleDevicesNotification`).
 */
export function forgetDevices(
  notification: BinaryNode,
  known: Pick<LinkCaches, 'devices' | 'keylessDevices'> & {
    lids: Pick<LidDirectory, 'lidOf' | 'numberOf'>
  },
): void {
  const { from, lid } = notification.attrs
  const devices = getAllBinaryNodeChildren(notification).flatMap((change) =>
    getBinaryNodeChildren(change, 'device').map(({ attrs }) => attrs.jid),
  )
  const users = new Set<string>()
  for (const jid of [from, lid, ...devices]) {
    const { user, server } = jidDecode(jid) ?? {}
    if (user === undefined) continue
    users.add(user)
    const otherName = server === 'lid' ? known.lids.numberOf(user) : known.lids.lidOf(user)
    if (otherName !== null) users.add(otherName)
  }
  for (const user of users) {
    known.devices.del(user)
    known.keylessDevices.removeUser(user)
  }
}
