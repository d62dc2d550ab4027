import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Database, DatabaseClosed } from '../../../../src/storage/database/database.ts'
import { ReadCache } from '../../../../src/storage/database/read-cache.ts'

const MIGRATIONS = [{ version: 1, sql: 'CREATE TABLE t (k TEXT PRIMARY KEY, v NOT NULL)' }]

describe('what is kept of a table', () => {
  let directory: string
  let database: Database
  let cache: ReadCache<number | null>
  let reads: number
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'whatsappd-read-cache-'))
    database = Database.open(join(directory, 'account.db'), MIGRATIONS, {
      delayMs: 60_000,
      failed: () => undefined,
    })
    cache = new ReadCache(database, 3)
    reads = 0
  })
  afterEach(() => {
    database.close()
    rmSync(directory, { recursive: true })
  })

  const read = (key = 'one'): number | null =>
    cache.get(key, () => {
      reads += 1
      const row = database.prepare('SELECT v FROM t WHERE k = ?').get(key) as { v: number } | undefined
      return row?.v ?? null
    })
  const write = (value: number, key = 'one'): void => {
    database.prepare('INSERT OR REPLACE INTO t VALUES (?, ?)').run(key, value)
    cache.clear()
  }

  it('is read once, also where there is nothing, and again after a write', () => {
    expect([read(), read(), reads]).toEqual([null, null, 1])
    database.transaction(() => write(1))
    expect([read(), read(), reads]).toEqual([1, 1, 2])
  })

  it.each(['the first of its group', 'a later one', 'an inner one'])(
    'is nothing of a transaction that was rolled back: %s',
    (place) => {
      database.transaction(() => write(1))
      if (place === 'the first of its group') database.commit()
      const failing = (): void =>
        database.transaction(() => {
          write(2)
          expect(read()).toBe(2)
          throw new Error('no')
        })
      if (place === 'an inner one') database.transaction(() => expect(failing).toThrow('no'))
      else expect(failing).toThrow('no')
      expect(read()).toBe(1)
    },
  )

  it('is not answered by a file that has failed, or is closed', () => {
    database.transaction(() => write(1))
    database.commit()
    expect(read()).toBe(1)
    database.prepare('PRAGMA max_page_count = 4').get()
    const tooMuch = (): void =>
      database.transaction(() => {
        database.prepare("INSERT INTO t VALUES ('two', zeroblob(60000))").run()
      })
    expect(tooMuch).toThrow('storage_full')
    expect(read).toThrow('storage_full')
    database.close()
    expect(read).toThrow(DatabaseClosed)
  })

  it('is closed with the file', () => {
    expect(read()).toBe(null)
    database.close()
    expect(read).toThrow(DatabaseClosed)
  })

  it('has a limit, in number and in the length of its keys', () => {
    for (const key of ['one', 'two', 'three', 'four']) read(key)
    expect([read('four'), reads]).toEqual([null, 4])
    expect([read('one'), reads]).toEqual([null, 5])
    const long = '1'.repeat(65)
    read(long)
    read(long)
    expect(reads).toBe(7)
  })
})
