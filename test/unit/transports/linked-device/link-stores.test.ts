import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { ACCOUNT_MIGRATIONS } from '../../../../src/accounts/schema.ts'
import { Database } from '../../../../src/storage/database/database.ts'
import { type LinkStores, openLinkStores } from '../../../../src/transports/linked-device/link-stores.ts'

const GROUP = '120363000000000001@g.us'
const STRANGER = '77000009@lid'

function open(): { database: Database; stores: LinkStores } {
  const directory = mkdtempSync(join(tmpdir(), 'whatsappd-stores-'))
  const database = Database.open(join(directory, 'account.db'), ACCOUNT_MIGRATIONS, null)
  onTestFinished(() => {
    database.close()
    rmSync(directory, { recursive: true, force: true })
  })
  const stores = openLinkStores({
    database,
    now: Date.now,
    sink: { senderResolved: () => undefined, groupNamed: () => {}, personChanged: () => undefined },
    storageFailed: (error) => {
      throw error
    },
  })
  return { database, stores }
}

describe('openLinkStores', () => {
  // After a disconnect, members of the former owner's groups and names of their people stayed, also for the next phone.
  it.each<[string, (stores: LinkStores) => void]>([
    ['a person disconnects', ({ credentials }) => credentials.erase()],
    ['WhatsApp ends the link', ({ credentials }) => credentials.quarantine('device_removed', 1)],
  ])('forgets groups, names and caches when %s', (_how, end) => {
    const { database, stores } = open()
    const { groups, names, timers, caches } = stores
    groups.learn({ id: GROUP, subject: 'Family', owner: undefined, participants: [{ id: STRANGER }] })
    groups.setKeyed(GROUP, true)
    names.learn({ key: { remoteJid: STRANGER }, pushName: 'Stranger' })
    timers.learn(STRANGER, { expiration: 86_400 }, true)
    timers.learn('88@lid', { expiration: 86_400 }, false)
    caches.devices.set('77000009', [])
    end(stores)
    expect(groups.fresh(GROUP)).toBeUndefined()
    expect(groups.isMember(GROUP, STRANGER)).toBe(false)
    expect(groups.isKeyed(GROUP)).toBe(false)
    expect(names.of('77000009')).toBeNull()
    expect([timers.of(STRANGER), timers.of('88@lid'), caches.devices.get('77000009')]).toEqual([
      undefined,
      undefined,
      undefined,
    ])
    for (const table of ['group_members', 'caches'])
      expect(database.prepare(`SELECT count(*) AS n FROM ${table}`).get()).toEqual({ n: 0 })
  })
})
