import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { addTransactionCapability, Curve } from '@whiskeysockets/baileys'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createLogger } from '../../../src/observability/logger.ts'
import { signalBundle } from '../../../src/simulator/key-bundle.ts'
import { SignalIdentity } from '../../../src/simulator/signal-identity.ts'
import { type SessionPartner, SignalSessions } from '../../../src/simulator/signal-sessions.ts'
import { ACCOUNT_MIGRATIONS } from '../../../src/storage/account-schema.ts'
import { Database } from '../../../src/storage/database.ts'
import { CredentialStore } from '../../../src/whatsapp/credential-store.ts'
import { MessageJournal } from '../../../src/whatsapp/message-journal.ts'
import { makeRepairedSignalRepository } from '../../../src/whatsapp/signal-repository.ts'
import { TtlCache } from '../../../src/whatsapp/ttl-cache.ts'

const PHONE = '15550000009@s.whatsapp.net'
const PRE_KEY_ID = 1

let directory = ''
let database: Database

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'signal-'))
  database = Database.open(join(directory, 'account.db'), ACCOUNT_MIGRATIONS)
})
afterEach(() => {
  database.close()
  rmSync(directory, { recursive: true, force: true })
})

/** Our side as Baileys uses it, and a phone with sessions of its own. */
async function sides() {
  const ignore = (): void => undefined
  const store = CredentialStore.load(database, { writeFailed: ignore, lidMapped: ignore })
  store.credentials.me = { id: '15550000001:1@s.whatsapp.net' }
  const preKey = Curve.generateKeyPair()
  await store.keys.set({ 'pre-key': { [PRE_KEY_ID]: preKey } })
  const logger = createLogger({ level: 'silent' })
  const keys = addTransactionCapability(store.keys, logger, { maxCommitRetries: 1, delayBetweenTriesMs: 1 })
  const journal = new MessageJournal(database, Date.now)
  const numbersWithoutLid = new TtlCache({ limit: 10, ttlMs: 60_000 })
  const repository = makeRepairedSignalRepository({ store, journal, numbersWithoutLid })(
    { creds: store.credentials, keys },
    logger,
    async () => [],
  )
  const { signedIdentityKey, signedPreKey, registrationId } = store.credentials
  const us: SessionPartner = {
    key: 'us',
    identityKey: signedIdentityKey.public,
    takeBundle: () => ({
      registrationId,
      identityKey: signedIdentityKey.public,
      signedPreKey: {
        id: signedPreKey.keyId,
        key: signedPreKey.keyPair.public,
        signature: signedPreKey.signature,
      },
      preKey: { id: PRE_KEY_ID, key: preKey.public },
    }),
  }
  const identity = new SignalIdentity(7)
  const phone = new SignalSessions('phone', identity)
  return {
    /** Begins a session of ours with the phone. */
    begin: () => repository.injectE2ESession({ jid: PHONE, session: signalBundle(identity.takeBundle()) }),
    write: (text: string) => repository.encryptMessage({ jid: PHONE, data: Buffer.from(text) }),
    read: async ({ type, body }: { type: 'pkmsg' | 'msg'; body: Buffer }) =>
      Buffer.from(await repository.decryptMessage({ jid: PHONE, type, ciphertext: body })).toString(),
    phoneWrites: (text: string) => phone.encrypt(us, Buffer.from(text)),
    phoneReads: async ({ type, ciphertext }: { type: 'pkmsg' | 'msg'; ciphertext: Uint8Array }) =>
      (await phone.decrypt(us, type, ciphertext)).toString(),
  }
}

/*
 * Seen once in thousands of runs with faults: a member of a group wrote to us for the first time while our sender key
 * was on its way to it. Both had begun a session, libsignal tried the one on a message of the other and stored it with
 * its ratchet turned; our next message went out in it, and the phone answered "Bad MAC".
 */
it('goes on with both when two sessions were begun at the same moment', async () => {
  const { begin, write, read, phoneWrites, phoneReads } = await sides()
  await begin()
  const ours = await write('our first')
  const theirs = await phoneWrites('their first')
  expect(await read(theirs)).toBe('their first')
  expect(await phoneReads(ours)).toBe('our first')
  for (let round = 1; round <= 3; round++) {
    expect(await read(await phoneWrites(`theirs ${round}`))).toBe(`theirs ${round}`)
    expect(await phoneReads(await write(`ours ${round}`))).toBe(`ours ${round}`)
  }
})
