import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ACCOUNT_MIGRATIONS } from '../../../../../src/accounts/schema.ts'
import { Database } from '../../../../../src/storage/database/database.ts'
import { StoredCache } from '../../../../../src/transports/linked-device/signal/stored-cache.ts'

describe('a stored cache', () => {
  let directory = ''
  let database: Database
  let now = 0
  const open = (name = 'retries'): StoredCache =>
    new StoredCache({ database, name, limit: 3, ttlMs: 1_000, now: () => now })

  beforeEach(() => {
    now = Date.UTC(2026, 0, 1)
    directory = mkdtempSync(join(tmpdir(), 'cache-'))
    database = Database.open(join(directory, 'account.db'), ACCOUNT_MIGRATIONS)
  })
  afterEach(() => {
    database.close()
    rmSync(directory, { recursive: true, force: true })
  })

  it('is there again after a restart, each entry as long as it had left', () => {
    const before = open()
    before.set('old', 1)
    now += 600
    before.set('young', [{ user: '15550000002', device: 0 }])
    open('devices').set('young', 'of another cache')
    now += 300
    const after = open()
    expect([after.get('old'), after.get('young')]).toEqual([1, [{ user: '15550000002', device: 0 }]])
    now += 200
    expect([after.get('old'), after.get('young')]).toEqual([undefined, [{ user: '15550000002', device: 0 }]])
  })

  it('keeps nothing under a name of any length', () => {
    open().set('x'.repeat(200_000), 1)
    expect(open().get('x'.repeat(200_000))).toBeUndefined()
    expect(database.prepare('SELECT * FROM caches').all()).toEqual([])
  })

  it('opens without what is no JSON', () => {
    open().set('whole', 1)
    open().set('odd', 2)
    database.transaction(() => database.prepare(`UPDATE caches SET value = '{' WHERE key = 'odd'`).run())
    expect([open().get('whole'), open().get('odd')]).toEqual([1, undefined])
  })

  it('forgets what it is told to forget, here and on disk', () => {
    const before = open()
    for (const key of ['a', 'b']) before.set(key, key)
    before.del('a')
    expect([open().get('a'), open().get('b')]).toEqual([undefined, 'b'])
    before.flushAll()
    expect(open().get('b')).toBeUndefined()
  })

  it('keeps no more rows than its limit, and none that expired', () => {
    const cache = open()
    for (let index = 0; index < 500; index += 1) {
      now += 1
      cache.set(`key ${index}`, index)
    }
    const rows = (): unknown => database.prepare('SELECT key FROM caches ORDER BY expires_at').all()
    expect(rows()).toMatchObject([{ key: 'key 497' }, { key: 'key 498' }, { key: 'key 499' }])
    now += 2_000
    open()
    expect(rows()).toEqual([])
  })

  // The clock ran ahead and was set right: a list of devices that holds for five minutes held for as long as that had been.
  it.each([false, true])('keeps nothing from a future that was none (restarted: %s)', (isRestarted) => {
    let cache = open()
    cache.set('a', 1)
    now -= 10 * 60_000
    if (isRestarted) cache = open()
    expect(cache.get('a')).toBeUndefined()
    cache.set('b', 2)
    now += 999
    expect(cache.get('b')).toBe(2)
    now += 1
    expect(cache.get('b')).toBeUndefined()
  })

  it('goes on in memory when the disk refuses', () => {
    const cache = open()
    database.close()
    cache.set('a', 1)
    expect(cache.get('a')).toBe(1)
  })
})
