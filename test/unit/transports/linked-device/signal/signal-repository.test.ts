import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { addTransactionCapability, Curve } from '@whiskeysockets/baileys'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createLogger } from '../../../../../src/observability/log/logger.ts'
import { signalBundle } from '../../../../../src/simulator/signal/key-bundle.ts'
import { SignalIdentity } from '../../../../../src/simulator/signal/signal-identity.ts'
import { type SessionPartner, SignalSessions } from '../../../../../src/simulator/signal/signal-sessions.ts'
import { ACCOUNT_MIGRATIONS } from '../../../../../src/accounts/schema.ts'
import { Database } from '../../../../../src/storage/database/database.ts'
import { CredentialStore } from '../../../../../src/transports/linked-device/signal/credential-store.ts'
import { KeylessDevices } from '../../../../../src/transports/linked-device/devices/keyless-devices.ts'
import { MessageJournal } from '../../../../../src/transports/linked-device/inbound/message-journal.ts'
import { sending } from '../../../../../src/transports/linked-device/outbound/sending.ts'
import { makeRepairedSignalRepository } from '../../../../../src/transports/linked-device/signal/signal-repository.ts'
import { TtlCache } from '../../../../../src/transports/linked-device/signal/ttl-cache.ts'

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
  const store = CredentialStore.load(database, { writeFailed: ignore, lidLearned: ignore })
  store.credentials.me = { id: '15550000001:1@s.whatsapp.net' }
  const preKey = Curve.generateKeyPair()
  await store.keys.set({ 'pre-key': { [PRE_KEY_ID]: preKey } })
  const logger = createLogger({ level: 'silent' })
  const keys = addTransactionCapability(store.keys, logger, { maxCommitRetries: 1, delayBetweenTriesMs: 1 })
  const journal = new MessageJournal(database, Date.now)
  const numbersWithoutLid = new TtlCache({ limit: 10, ttlMs: 60_000 })
  const keylessDevices = new KeylessDevices(Date.now)
  const repository = makeRepairedSignalRepository({ store, journal, numbersWithoutLid, keylessDevices })(
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
    /** As Baileys' relay does: everything inside shares one write of the keys, at its end. */
    relay: <T>(work: () => Promise<T>) => keys.transaction(work, store.credentials.me?.id ?? ''),
    storedSessions: () =>
      JSON.stringify(database.prepare("SELECT id, value FROM signal_keys WHERE type = 'session'").all()),
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

// Baileys sends and decrypts under different locks, each with its own copy of the session: the one that ended last wrote
// over the other's ratchet, and under load the peer could not read two thirds of the replies.
it('decrypts when the send under way has written its keys, and neither undoes the other', async () => {
  const { begin, write, read, phoneWrites, phoneReads, relay } = await sides()
  await begin()
  await phoneReads(await write('hello'))
  await read(await phoneWrites('hello'))
  const order: string[] = []
  let finish = (): void => {}
  const held = new Promise<void>((resolve) => {
    finish = resolve
  })
  const sent = relay(async () => {
    const frame = await write('ours')
    await held
    order.push('sent')
    return frame
  })
  const seen = phoneWrites('theirs').then(read)
  void seen.then(() => order.push('read'))
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve))
  finish()
  expect(await phoneReads(await sent)).toBe('ours')
  expect(await seen).toBe('theirs')
  expect(order).toEqual(['sent', 'read'])
  for (let round = 1; round <= 3; round++) {
    expect(await read(await phoneWrites(`theirs ${round}`))).toBe(`theirs ${round}`)
    expect(await phoneReads(await write(`ours ${round}`))).toBe(`ours ${round}`)
  }
})

// The peer writes in the session that it knows; one that a send put in its place is known to nobody yet.
it('leaves an open session as it is while a message is on its way out, and renews it otherwise', async () => {
  const { begin, storedSessions } = await sides()
  await sending.run({ plan: null }, begin)
  const first = storedSessions()
  expect(first).toContain('15550000009')
  await sending.run({ plan: null }, begin)
  expect(storedSessions()).toBe(first)
  await begin()
  expect(storedSessions()).not.toBe(first)
})

/*
 * For "Key used already or never filled" Baileys tells WhatsApp that the message is done with, and asks nobody to send it
 * again. A sender whose ratchet was rolled back uses a key again for a new text.
 */
it.each(['pkmsg', 'msg'] as const)(
  'a %s whose key is used up is not taken for one that came before',
  async (type) => {
    const { begin, write, read, phoneWrites, phoneReads } = await sides()
    await begin()
    if (type === 'msg') await phoneReads(await write('hello'))
    const theirs = await phoneWrites('once')
    expect(theirs.type).toBe(type)
    expect(await read(theirs)).toBe('once')
    await expect(read(theirs)).rejects.toThrow('the key of this message is used up')
  },
)
