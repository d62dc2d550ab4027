import { AsyncLocalStorage } from 'node:async_hooks'
import {
  type AuthenticationCreds,
  Curve,
  DEFAULT_CONNECTION_CONFIG,
  jidDecode,
  jidEncode,
  jidNormalizedUser,
  MISSING_KEYS_ERROR_TEXT,
  type SignalDataSet,
  type SignalKeyStoreWithTransaction,
  type SocketConfig,
} from '@whiskeysockets/baileys'
import { adoptSession } from './adopt-session.ts'
import type { CredentialStore } from './credential-store.ts'
import { loadCardReader } from '../inbound/description/read-cards.ts'
import { guardLidMapping, isProvenPair } from '../identity/guard-lid-mapping.ts'
import type { KeylessDevices } from '../devices/keyless-devices.ts'
import type { Ciphertext, MessageJournal } from '../inbound/message-journal.ts'
import type { LidDirectory } from '../identity/lid-directory.ts'
import { pairsOf } from '../identity/lid-inquiry.ts'
import { refuseTakenBack, sending } from '../outbound/sending.ts'
import { trySessionsOnCopies } from './try-sessions.ts'
import type { TtlCache } from './ttl-cache.ts'

type MakeSignalRepository = SocketConfig['makeSignalRepository']

/** One for all sockets: Node keeps every storage that was ever used. */
const encrypting = new AsyncLocalStorage<true>()

export interface SignalRepositoryInput {
  store: CredentialStore
  journal: MessageJournal
  numbersWithoutLid: TtlCache
  keylessDevices: KeylessDevices
}

/**
 * Baileys' Signal repository with ten repairs, all but one through its public seam:
 * - decryption and new sessions run in the transaction of the relay (`creds.me.id`), so that a reply in flight and a
 *   message coming in can no longer overwrite each other's session;
 * - a send that asks for a device list leaves open sessions as they are;
 * - keys that a session is to begin with are verified: Baileys takes any signature (libsignal 6.0.0, `curve.js`);
 * - the plaintext is journaled before the ratchet step is written, and a ciphertext that is delivered again is answered
 *   from the journal;
 * - encryption writes sessions and sender keys through at once: Baileys stores them only after the frame has gone, and
 *   a crash in between would use a message key twice;
 * - a phone number for which the server knows no LID is not asked for again with every message;
 * - only WhatsApp's directory says whose LID is whose, and sessions move only where it says so;
 * - a message whose key is used up is asked for again, as every other one that cannot be read;
 * - a session that is kept under a number is found by a message from the LID (`adoptSession`);
 * - a message that belongs to one of several sessions leaves the others as they are (`trySessionsOnCopies`).
 */
export function makeRepairedSignalRepository(input: SignalRepositoryInput): MakeSignalRepository {
  const { store, journal } = input
  trySessionsOnCopies()
  return (auth, logger, lookUpLids) => {
    // `makeSocket` hands in its full credentials and its transactional store (rc14 `Socket/socket.js`); the seam's
    // declared type promises less.
    const { creds, keys } = auth as { creds: AuthenticationCreds; keys: SignalKeyStoreWithTransaction }
    const set = async (data: SignalDataSet): Promise<void> => {
      await keys.set(data)
      if (encrypting.getStore() === true) await store.keys.set(ratchetsOf(data))
    }
    const askForLids = learningLids(rememberingMisses(lookUpLids, input.numbersWithoutLid), store.lids)
    const repository = DEFAULT_CONNECTION_CONFIG.makeSignalRepository(
      { ...auth, keys: { ...keys, set } },
      logger,
      askForLids,
    )
    const addressOf = (jid: string): string => repository.jidToSignalProtocolAddress(jid)
    guardLidMapping(repository, store.lids, askForLids, (jid) => hasSession(store, addressOf(jid)))
    const { decryptMessage, decryptGroupMessage, encryptMessage, encryptGroupMessage, injectE2ESession } =
      repository
    const inTransactionOfRelay = <T>(work: () => Promise<T>, jid: string): Promise<T> =>
      keys.transaction(work, creds.me?.id ?? jid)
    type Decrypt = () => Promise<Uint8Array>
    const decryptOnce = (ciphertext: Ciphertext, sender: string, decrypt: Decrypt): Promise<Uint8Array> =>
      inTransactionOfRelay(async () => {
        const kept = journal.plaintext(ciphertext, (keptSender) => isSamePerson(sender, keptSender, store))
        if (kept !== null) return kept
        const decrypted = await decrypt().catch(askAgain)
        journal.keepPlaintext(ciphertext, decrypted)
        return decrypted
      }, sender).then(loadWhatReadsIt)
    return {
      ...repository,
      injectE2ESession: (options) =>
        inTransactionOfRelay(async () => {
          const keepsOpenOne =
            sending.getStore() !== undefined && (await repository.validateSession(options.jid)).exists
          if (keepsOpenOne) return
          verifyKeys(options.session)
          await injectE2ESession.call(repository, options)
          input.keylessDevices.remove(options.jid)
        }, options.jid),
      decryptMessage: (options) =>
        decryptOnce({ type: options.type, bytes: options.ciphertext }, options.jid, async () => {
          await adoptSession(options.jid, { keys, directory: store.lids, addressOf })
          return decryptMessage.call(repository, options)
        }),
      decryptGroupMessage: (options) =>
        decryptOnce({ type: 'skmsg', bytes: options.msg }, options.authorJid, () =>
          decryptGroupMessage.call(repository, options),
        ),
      encryptMessage: (options) => encrypted(() => encryptMessage.call(repository, options)),
      encryptGroupMessage: (options) => encrypted(() => encryptGroupMessage.call(repository, options)),
    }
  }
}

/** Rejects where the message was taken back before its first part was encrypted. */
async function encrypted<Result>(encrypt: () => Promise<Result>): Promise<Result> {
  refuseTakenBack()
  return encrypting.run(true, encrypt)
}

async function loadWhatReadsIt(plaintext: Uint8Array): Promise<Uint8Array> {
  await loadCardReader(plaintext)
  return plaintext
}

async function hasSession({ keys }: CredentialStore, address: string): Promise<boolean> {
  return Boolean((await keys.get('session', [address]))[address])
}

/** Throws when the signed pre-key is not signed by the identity. */
function verifyKeys({ identityKey, signedPreKey }: E2ESession): void {
  const { publicKey, signature } = signedPreKey
  if (!Curve.verify(identityKey, publicKey, signature))
    throw new Error('the keys of a device are not signed by it')
}

/**
 * For a key that is used up Baileys tells WhatsApp that the message is done with, and nobody sends it again. What really
 * came before is answered from the journal; this is another message, of a sender whose ratchet was rolled back.
 */
function askAgain(error: unknown): never {
  if (!(error instanceof Error) || error.message !== MISSING_KEYS_ERROR_TEXT) throw error
  throw new Error('the key of this message is used up', { cause: error })
}

/** The parts of a write that a sent frame depends on. */
function ratchetsOf(data: SignalDataSet): SignalDataSet {
  const { session, 'sender-key': senderKey } = data
  return {
    ...(session === undefined ? {} : { session }),
    ...(senderKey === undefined ? {} : { 'sender-key': senderKey }),
  }
}

/** Baileys decrypts under the LID once it knows one; the envelope may have named the number. */
function isSamePerson(sender: string, kept: string, store: CredentialStore): boolean {
  const normalized = jidNormalizedUser(sender)
  if (normalized === kept) return true
  return isProvenPair(normalized, kept, store.lids)
}

type E2ESession = Parameters<ReturnType<MakeSignalRepository>['injectE2ESession']>[0]['session']
type LookUpLids = Parameters<MakeSignalRepository>[2]

function rememberingMisses(lookUpLids: LookUpLids, misses: TtlCache): LookUpLids {
  return async (jids) => {
    // Within the lock that decryption needs, nothing waits for the network.
    if (sending.getStore()?.plan) return []
    const unknown = jids.filter((jid) => misses.get(jid) === undefined)
    if (unknown.length === 0) return []
    const pairs = await lookUpLids?.(unknown)
    // `undefined` means that the server did not answer: nothing is learnt from that.
    if (pairs === undefined) return pairs
    const found = new Set(pairs.map(({ pn }) => pn))
    for (const jid of unknown) if (!found.has(jid)) misses.set(jid, true)
    return pairs
  }
}

/** What WhatsApp answers when Baileys asks for LIDs is what the directory learns; other pairs in the answer count nothing. */
function learningLids(lookUpLids: LookUpLids, directory: LidDirectory): NonNullable<LookUpLids> {
  return async (jids) => {
    const answered = await lookUpLids?.(jids)
    if (answered === undefined) return undefined
    const asked = new Set(jids.flatMap((jid) => jidDecode(jid)?.user ?? []))
    const pairs = pairsOf(
      answered.map(({ pn, lid }) => ({ id: pn, lid })),
      asked,
    )
    directory.learn(pairs)
    return pairs.map(({ lid, phoneNumber }) => ({
      lid: jidEncode(lid, 'lid'),
      pn: jidEncode(phoneNumber, 's.whatsapp.net'),
    }))
  }
}
