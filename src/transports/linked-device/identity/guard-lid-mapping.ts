import {
  isHostedLidUser,
  isLidUser,
  isPnUser,
  jidDecode,
  jidEncode,
  jidNormalizedUser,
  type SignalRepositoryWithLIDStore,
} from '@whiskeysockets/baileys'
import type { LidDirectory } from './lid-directory.ts'
import { sending } from '../outbound/sending.ts'

/**
 * Keeps what envelopes, notifications and synchronised data say about LIDs out of Baileys' Signal repository: it stores
 * no pair, and moves sessions from a number to a LID only where the directory says that both are one person. The pairs
 * that come with a device list while we send are asked for (`lookUp` makes the directory learn): their keys are needed.
 * So is the number that an envelope names beside a LID, where there is a session under it: the message may need that one.
 */
export function guardLidMapping(
  repository: SignalRepositoryWithLIDStore,
  directory: Pick<LidDirectory, 'lidOf' | 'ownNumber'>,
  lookUp: (jids: string[]) => Promise<unknown>,
  hasSession: (jid: string) => Promise<boolean>,
): void {
  const { lidMapping } = repository
  /** The device that wrote, under its number: the envelope may name the person alone. */
  const mayBeNeeded = async (number: string, lid: string): Promise<boolean> => {
    const { user } = jidDecode(number) ?? {}
    if (user === undefined || isPnUser(number) !== true || directory.lidOf(user) !== null) return false
    return hasSession(jidEncode(user, 's.whatsapp.net', jidDecode(lid)?.device))
  }
  const migrateSession = repository.migrateSession.bind(repository)
  lidMapping.storeLIDPNMappings = async (pairs) => {
    if (sending.getStore() === undefined) return
    const unknown = pairs.filter(
      ({ pn, lid }) => !isProvenPair(pn, lid, directory) && jidDecode(pn)?.user !== directory.ownNumber,
    )
    if (unknown.length > 0) await lookUp(unknown.map(({ pn }) => jidNormalizedUser(pn)))
  }
  repository.migrateSession = async (from, to) => {
    if (await mayBeNeeded(from, to)) await lookUp([jidNormalizedUser(from)])
    return isProvenPair(from, to, directory)
      ? migrateSession(from, to)
      : { migrated: 0, skipped: 0, total: 0 }
  }
}

/** Whether the directory knows these two addresses, one by LID and one by number, as one person's. */
export function isProvenPair(one: string, other: string, directory: Pick<LidDirectory, 'lidOf'>): boolean {
  const isLid = (jid: string): boolean => isLidUser(jid) === true || isHostedLidUser(jid) === true
  if (isLid(one) === isLid(other)) return false
  const [lid, number] = (isLid(one) ? [one, other] : [other, one]).map((jid) => jidDecode(jid)?.user)
  return lid !== undefined && number !== undefined && directory.lidOf(number) === lid
}
