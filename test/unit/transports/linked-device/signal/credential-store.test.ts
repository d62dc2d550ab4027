import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ACCOUNT_MIGRATIONS } from '../../../../../src/accounts/schema.ts'
import { Database } from '../../../../../src/storage/database/database.ts'
import { CredentialStore } from '../../../../../src/transports/linked-device/signal/credential-store.ts'

const ACCOUNT = { details: Buffer.from('d'), accountSignatureKey: Buffer.from('k') }

describe('credentials in account.db', () => {
  let directory = ''
  let database: Database
  const failures: unknown[] = []
  const load = (): CredentialStore =>
    CredentialStore.load(database, {
      writeFailed: (error) => failures.push(error),
      lidLearned: () => undefined,
    })

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'credentials-'))
    database = Database.open(join(directory, 'account.db'), ACCOUNT_MIGRATIONS)
    failures.length = 0
  })
  afterEach(() => {
    database.close()
    rmSync(directory, { recursive: true, force: true })
  })

  const reopen = (): void => {
    database.close()
    database = Database.open(join(directory, 'account.db'), ACCOUNT_MIGRATIONS)
  }

  it('gives back the same identity after a restart', () => {
    const store = load()
    store.credentials.me = { id: '15550000001:7@s.whatsapp.net' }
    store.credentials.account = ACCOUNT
    store.saveCredentials()
    const identity = store.credentials.signedIdentityKey.public
    reopen()
    const again = load()
    expect(again.linked).toBe(true)
    expect(Buffer.from(again.credentials.signedIdentityKey.public)).toEqual(Buffer.from(identity))
  })

  it("keeps the profile's name as one printable line, however long it is told", () => {
    const store = load()
    store.credentials.me = {
      id: '15550000001:7@s.whatsapp.net',
      name: '\u202EOwner\u001B'.padEnd(300_000, 'x'),
    }
    store.saveCredentials()
    reopen()
    expect(load().credentials.me?.name).toMatch(/^Ownerx{94}…$/)
  })

  it('keeps no key under a name of any length, which strangers choose', async () => {
    const store = load()
    const long = `${'9'.repeat(200_000)}.0`
    await store.keys.set({ session: { [long]: Buffer.from('x'), '15550000002.0': Buffer.from('y') } })
    expect(Object.keys(await store.keys.get('session', [long, '15550000002.0']))).toEqual(['15550000002.0'])
    expect(database.prepare('SELECT id FROM signal_keys').all()).toEqual([{ id: '15550000002.0' }])
  })

  // Nothing more reached the person: WhatsApp refused each message to them (463).
  it.each([
    ['no bytes', { token: Buffer.alloc(0), timestamp: '1796093344' }],
    ['a time that never comes', { token: Buffer.alloc(16, 2), timestamp: '99999999999999999999' }],
    ['a time that is none', { token: Buffer.alloc(16, 2), timestamp: '1e308' }],
  ])('keeps a token with which somebody may be written to when one with %s comes', async (_what, odd) => {
    const store = load()
    const good = { token: Buffer.alloc(16, 1), timestamp: '1796093339', senderTimestamp: 1_796_093_339 }
    await store.keys.set({ tctoken: { '100@lid': good } })
    await store.keys.set({ tctoken: { '100@lid': { ...good, ...odd }, '200@lid': odd } })
    expect(await store.keys.get('tctoken', ['100@lid', '200@lid'])).toEqual({ '100@lid': good })
    reopen()
    expect(await load().keys.get('tctoken', ['100@lid', '200@lid'])).toEqual({ '100@lid': good })
  })

  it('takes a newer token, and the end of one that is too old', async () => {
    const store = load()
    const stored = async (): Promise<unknown> => (await store.keys.get('tctoken', ['100@lid']))['100@lid']
    const newer = { token: Buffer.alloc(16, 3), timestamp: '1796093400' }
    await store.keys.set({ tctoken: { '100@lid': { token: Buffer.alloc(16, 1), timestamp: '1796093339' } } })
    await store.keys.set({ tctoken: { '100@lid': newer } })
    expect(await stored()).toEqual(newer)
    const dropped = { token: Buffer.alloc(0), senderTimestamp: 1_796_093_339 }
    await store.keys.set({ tctoken: { '100@lid': dropped } })
    expect(await stored()).toEqual(dropped)
    await store.keys.set({ tctoken: { '100@lid': null } })
    expect(await stored()).toBeUndefined()
  })

  it('refuses damaged credentials instead of making a new identity', () => {
    load().saveCredentials()
    database.prepare('UPDATE credentials SET value = substr(value, 1, 100)').run()
    expect(load).toThrow(expect.objectContaining({ reason: 'storage_unreadable' }))
  })

  it('forgets a half link, and never a whole one', () => {
    const store = load()
    store.credentials.me = { id: '15550000001@s.whatsapp.net', name: '~' }
    store.credentials.pairingCode = 'ABCD1234'
    store.forgetHalfLink()
    expect(store.credentials.me).toBeUndefined()
    expect(store.credentials.pairingCode).toBeUndefined()
    store.credentials.me = { id: '15550000001:7@s.whatsapp.net' }
    store.credentials.account = ACCOUNT
    store.forgetHalfLink()
    expect(store.linked).toBe(true)
  })

  it('keeps keys of every kind, and one set is all or nothing', async () => {
    const store = load()
    const session = { _sessions: { x: { registrationId: 1 } }, version: 'v1' }
    await store.keys.set({
      'pre-key': { 1: { public: Buffer.from('pub'), private: Buffer.from('priv') } },
      // Baileys stores a plain object where its type says bytes.
      session: { 'a.0': session as unknown as Uint8Array },
    })
    reopen()
    const again = load()
    expect(await again.keys.get('session', ['a.0', 'b.0'])).toEqual({ 'a.0': session })
    const { 1: preKey } = await again.keys.get('pre-key', ['1'])
    expect(Buffer.from(preKey?.private ?? []).toString()).toBe('priv')
    await again.keys.set({ 'pre-key': { 1: null } })
    expect(await again.keys.get('pre-key', ['1'])).toEqual({})

    database.prepare('PRAGMA max_page_count = 1').get()
    const large = Buffer.alloc(200_000, 1)
    expect(() => again.keys.set({ session: { 'a.0': null }, 'sender-key': { huge: large } })).toThrow(
      expect.objectContaining({ reason: 'storage_full' }),
    )
    expect(failures).toHaveLength(1)
    reopen()
    expect(await load().keys.get('session', ['a.0'])).toEqual({ 'a.0': session })
  })

  it('quarantines what WhatsApp refused and starts with a fresh identity', () => {
    const store = load()
    store.credentials.me = { id: '15550000001:7@s.whatsapp.net' }
    store.credentials.account = ACCOUNT
    store.saveCredentials()
    const identity = store.credentials.signedIdentityKey.public
    store.quarantine('device_removed', 1)
    expect(store.linked).toBe(false)
    expect(store.credentials.signedIdentityKey.public).not.toEqual(identity)
    const row = database.prepare('SELECT reason, credentials FROM quarantined_credentials').get()
    expect(row).toMatchObject({ reason: 'device_removed' })
    expect(JSON.stringify(row)).toContain(Buffer.from(identity).toString('base64'))
  })

  it('keeps who is somebody else over the end of a link, and nothing else of whose LIDs were known', () => {
    const store = load()
    const [changed, same] = ['15550000002', '15550000003']
    store.lids.learn([
      { phoneNumber: changed, lid: '100' },
      { phoneNumber: same, lid: '300' },
    ])
    store.lids.learn([{ phoneNumber: changed, lid: '200' }])
    store.quarantine('device_removed', 1)
    expect(store.lids.changedNumbers).toEqual([changed])
    expect(store.lids.isInDoubt(changed)).toBe(true)
    expect(store.lids.lidOf(same)).toBeNull()
    store.credentials.me = { id: `${changed}:7@s.whatsapp.net` }
    expect([store.lids.isChanged(changed), store.lids.changedNumbers]).toEqual([false, []])
    store.erase()
    expect(store.lids.changedNumbers).toEqual([])
  })

  it('leaves no byte of a key on the disk after erasing', async () => {
    const store = load()
    const secret = Buffer.from('a-secret-that-must-not-stay-anywhere')
    store.credentials.me = { id: '15550000001:7@s.whatsapp.net' }
    store.saveCredentials()
    await store.keys.set({ 'sender-key': { one: secret } })
    store.quarantine('device_removed', 1)
    await store.keys.set({ 'sender-key': { two: secret } })
    const needle = secret.toString('base64')
    const onDisk = (): string =>
      readdirSync(directory)
        .map((name) => readFileSync(join(directory, name), 'latin1'))
        .join('')
    expect(onDisk()).toContain(needle)
    store.erase()
    expect(onDisk()).not.toContain(needle)
  })
})
