import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { addTransactionCapability } from '@whiskeysockets/baileys'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createLogger } from '../../../../../src/observability/log/logger.ts'
import { signalBundle } from '../../../../../src/simulator/signal/key-bundle.ts'
import { SignalIdentity } from '../../../../../src/simulator/signal/signal-identity.ts'
import { ACCOUNT_MIGRATIONS } from '../../../../../src/accounts/schema.ts'
import { Database } from '../../../../../src/storage/database/database.ts'
import { CredentialStore } from '../../../../../src/transports/linked-device/signal/credential-store.ts'
import { KeylessDevices } from '../../../../../src/transports/linked-device/devices/keyless-devices.ts'
import { MessageJournal } from '../../../../../src/transports/linked-device/inbound/message-journal.ts'
import { sending } from '../../../../../src/transports/linked-device/outbound/sending.ts'
import { makeRepairedSignalRepository } from '../../../../../src/transports/linked-device/signal/signal-repository.ts'
import { TtlCache } from '../../../../../src/transports/linked-device/signal/ttl-cache.ts'

const ALICE = '15550000002'
const ALICE_JID = `${ALICE}@s.whatsapp.net`
const ALICE_LID = '200@lid'
const MALLORY_LID = '300@lid'

/*
 * Baileys stores the pair that an envelope names, and moves every session with the number to that LID: what was written
 * for Alice then went out under the address of Mallory, and Alice's own session was gone.
 */
describe('what Baileys is told about LIDs', () => {
  let directory = ''
  let database: Database
  /** What WhatsApp answers. */
  const truth = new Map([[ALICE_JID, ALICE_LID]])
  let questions: string[][] = []
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'lids-'))
    database = Database.open(join(directory, 'account.db'), ACCOUNT_MIGRATIONS)
    questions = []
  })
  afterEach(() => {
    database.close()
    rmSync(directory, { recursive: true, force: true })
  })

  const open = () => {
    const store = CredentialStore.load(database, { writeFailed: () => {}, lidLearned: () => {} })
    store.credentials.me = { id: '15550000001:1@s.whatsapp.net', lid: '100:1@lid' }
    const logger = createLogger({ level: 'silent' })
    const keys = addTransactionCapability(store.keys, logger, { maxCommitRetries: 1, delayBetweenTriesMs: 1 })
    const repository = makeRepairedSignalRepository({
      store,
      journal: new MessageJournal(database, Date.now),
      numbersWithoutLid: new TtlCache({ limit: 10, ttlMs: 60_000 }),
      keylessDevices: new KeylessDevices(Date.now),
    })({ creds: store.credentials, keys }, logger, (jids) => {
      questions.push(jids)
      const answer = jids.flatMap((pn) => {
        const lid = truth.get(pn)
        return lid === undefined ? [] : [{ pn, lid }]
      })
      // A pair that nobody asked for.
      return Promise.resolve([...answer, { pn: '15550000003@s.whatsapp.net', lid: ALICE_LID }])
    })
    return { store, repository, keys }
  }

  const sessions = (): string[] =>
    // The column asked for.
    (
      database.prepare("SELECT id FROM signal_keys WHERE type = 'session' ORDER BY id").all() as {
        id: string
      }[]
    ).map(({ id }) => id)

  it('stores no pair that it was not told by WhatsApp, whichever way round it is known', async () => {
    const { store, repository } = open()
    await repository.lidMapping.storeLIDPNMappings([
      { lid: MALLORY_LID, pn: ALICE_JID },
      { lid: ALICE_JID, pn: MALLORY_LID },
    ])
    expect(store.lids.lidOf(ALICE)).toBeNull()
    expect(store.lids.numberOf('300')).toBeNull()
    expect(await repository.lidMapping.getLIDForPN(ALICE_JID)).toBe(ALICE_LID)
    await repository.lidMapping.storeLIDPNMappings([{ lid: MALLORY_LID, pn: ALICE_JID }])
    expect(await repository.lidMapping.getLIDForPN(ALICE_JID)).toBe(ALICE_LID)
    expect(await repository.lidMapping.getPNForLID(MALLORY_LID)).toBeNull()
    expect(store.lids.numberOf('200')).toBe(ALICE)
    // Nor what the answer has besides.
    expect(store.lids.lidOf('15550000003')).toBeNull()
  })

  it('asks for the pairs of a device list while it sends', async () => {
    const { store, repository } = open()
    await sending.run({ plan: null }, () =>
      repository.lidMapping.storeLIDPNMappings([
        { lid: MALLORY_LID, pn: ALICE_JID },
        { lid: '100@lid', pn: '15550000001@s.whatsapp.net' },
      ]),
    )
    expect(questions).toEqual([[ALICE_JID]])
    expect(store.lids.lidOf(ALICE)).toBe('200')
  })

  it('moves no session to a LID that is not known to be the same person', async () => {
    const { store, repository, keys } = open()
    truth.clear()
    const identity = new SignalIdentity(7)
    await repository.injectE2ESession({ jid: ALICE_JID, session: signalBundle(identity.takeBundle()) })
    await keys.set({ 'device-list': { [ALICE]: ['0'] } })
    expect(sessions()).toEqual([`${ALICE}.0`])
    for (const from of [ALICE_JID, `${ALICE}:99@hosted`]) await repository.migrateSession(from, MALLORY_LID)
    expect(sessions()).toEqual([`${ALICE}.0`])
    store.lids.learn([{ lid: '200', phoneNumber: ALICE }])
    await repository.migrateSession(ALICE_JID, MALLORY_LID)
    expect(sessions()).toEqual([`${ALICE}.0`])
    await repository.migrateSession(ALICE_JID, ALICE_LID)
    expect(sessions()).toEqual(['200_1.0'])
    truth.set(ALICE_JID, ALICE_LID)
  })
})

describe('what earlier versions stored of envelopes', () => {
  it('is gone with the first start, and WhatsApp is asked again', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'lids-'))
    const path = join(directory, 'account.db')
    const before = Database.open(
      path,
      ACCOUNT_MIGRATIONS.filter(({ version }) => version < 10),
    )
    before.transaction(() => {
      const insert = before.prepare("INSERT INTO signal_keys (type, id, value) VALUES ('lid-mapping', ?, ?)")
      insert.run(ALICE, '"300"')
      insert.run('300_reverse', `"${ALICE}"`)
    })
    before.close()
    const database = Database.open(path, ACCOUNT_MIGRATIONS)
    const store = CredentialStore.load(database, { writeFailed: () => {}, lidLearned: () => {} })
    expect(await store.keys.get('lid-mapping', [ALICE, '300_reverse'])).toEqual({})
    store.lids.learn([{ lid: '200', phoneNumber: ALICE }])
    expect(await store.keys.get('lid-mapping', [ALICE, '300_reverse', '200_reverse'])).toEqual({
      [ALICE]: '200',
      '200_reverse': ALICE,
    })
    database.close()
    rmSync(directory, { recursive: true, force: true })
  })
})
