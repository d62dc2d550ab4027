import {
  type AuthenticationCreds,
  DEFAULT_CONNECTION_CONFIG,
  type SignalKeyStoreWithTransaction,
  type SocketConfig,
} from '@whiskeysockets/baileys'
import type { TtlCache } from './ttl-cache.ts'

type MakeSignalRepository = SocketConfig['makeSignalRepository']

/**
 * Baileys' Signal repository with two repairs, through its public seam:
 * - decryption runs in the transaction of the relay (`creds.me.id`), so that a reply in flight and a message coming in
 *   can no longer overwrite each other's session;
 * - a phone number for which the server knows no LID is not asked for again with every message.
 */
export function makeRepairedSignalRepository(numbersWithoutLid: TtlCache): MakeSignalRepository {
  return (auth, logger, lookUpLids) => {
    const lookUp: typeof lookUpLids = async (jids) => {
      const unknown = jids.filter((jid) => numbersWithoutLid.get(jid) === undefined)
      if (unknown.length === 0) return []
      const pairs = await lookUpLids?.(unknown)
      // `undefined` means that the server did not answer: nothing is learnt from that.
      if (pairs === undefined) return pairs
      const found = new Set(pairs.map(({ pn }) => pn))
      for (const jid of unknown) if (!found.has(jid)) numbersWithoutLid.set(jid, true)
      return pairs
    }
    const repository = DEFAULT_CONNECTION_CONFIG.makeSignalRepository(auth, logger, lookUp)
    const decryptMessage = repository.decryptMessage.bind(repository)
    const decryptGroupMessage = repository.decryptGroupMessage.bind(repository)
    // `makeSocket` hands in its full credentials and its transactional store (rc14 `Socket/socket.js`); the seam's
    // declared type promises less.
    const { creds, keys } = auth as { creds: AuthenticationCreds; keys: SignalKeyStoreWithTransaction }
    const inRelayTransaction = <T>(work: () => Promise<T>, fallbackKey: string): Promise<T> =>
      keys.transaction(work, creds.me?.id ?? fallbackKey)
    return {
      ...repository,
      decryptMessage: (options) => inRelayTransaction(() => decryptMessage(options), options.jid),
      decryptGroupMessage: (options) => inRelayTransaction(() => decryptGroupMessage(options), options.group),
    }
  }
}
