import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { Database } from '../../../../src/storage/database/database.ts'
import { openPrivateDirectory, openPrivateFile } from '../../../../src/storage/files/private-directory.ts'
import { StorageError } from '../../../../src/storage/storage-error.ts'

const MIGRATIONS = [{ version: 1, sql: 'CREATE TABLE t (v INTEGER NOT NULL)' }]

describe('one account file', () => {
  let directory = ''
  let path = ''
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'database-'))
    path = join(directory, 'account.db')
  })
  afterEach(() => rmSync(directory, { recursive: true, force: true }))

  const count = (database: Database): unknown => database.prepare('SELECT count(*) AS n FROM t').get()

  it('with group commit, is written in one go as late as the group says, and at once when asked', () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    const database = Database.open(path, MIGRATIONS, { delayMs: 25, failed: () => {} })
    const write = (): void =>
      database.transaction(() => void database.prepare('INSERT INTO t VALUES (1)').run())
    // What another connection sees is what a crash would leave.
    const onDisk = (): unknown => {
      const disk = new DatabaseSync(path, { readOnly: true })
      const row = disk.prepare('SELECT count(*) AS n FROM t').get()
      disk.close()
      return row
    }
    write()
    vi.advanceTimersByTime(20)
    write()
    expect(onDisk()).toMatchObject({ n: 0 })
    vi.advanceTimersByTime(5)
    expect(onDisk()).toMatchObject({ n: 2 })
    write()
    database.commit()
    expect(onDisk()).toMatchObject({ n: 3 })
    write()
    vi.advanceTimersByTime(25)
    expect(onDisk()).toMatchObject({ n: 4 })
    database.close()
  })

  // Its log holds what this process committed while the file was its own; another one may have gone on from there.
  it('is left as it is when it is closed behind a fence that fails', () => {
    let isOwned = true
    const database = Database.open(path, MIGRATIONS, {
      delayMs: 60_000,
      failed: () => {},
      fence: () => {
        if (!isOwned) throw new Error('another host has it')
      },
    })
    const write = (): void =>
      database.transaction(() => void database.prepare('INSERT INTO t VALUES (1)').run())
    write()
    database.commit()
    write()
    isOwned = false
    const bytes = (): Buffer[] => [path, `${path}-wal`].map((file) => readFileSync(file))
    const before = bytes()
    database.close()
    expect(bytes().map((file, index) => file.equals(before[index] ?? Buffer.of()))).toEqual([true, true])
    const next = Database.open(path, MIGRATIONS)
    expect(count(next)).toMatchObject({ n: 1 })
    next.close()
  })

  it('keeps nothing of a transaction that throws, and everything of one that returns', () => {
    const database = Database.open(path, MIGRATIONS)
    const insert = () => database.prepare('INSERT INTO t VALUES (1)').run()
    database.transaction(insert)
    expect(() =>
      database.transaction(() => {
        insert()
        throw new Error('no')
      }),
    ).toThrow('no')
    database.transaction(() => {
      insert()
      expect(() =>
        database.transaction(() => {
          insert()
          throw new Error('inner')
        }),
      ).toThrow('inner')
    })
    expect(count(database)).toMatchObject({ n: 2 })
    database.close()
    const again = Database.open(path, MIGRATIONS)
    expect(count(again)).toMatchObject({ n: 2 })
    again.close()
  })

  it('with group commit, keeps nothing of a transaction that throws, wherever in its group, and all of the others', () => {
    const database = Database.open(path, MIGRATIONS, { delayMs: 60_000, failed: () => {} })
    const write = (value: number): unknown => database.prepare('INSERT INTO t VALUES (?)').run(value)
    const fail = (value: number): void =>
      expect(() =>
        database.transaction(() => {
          write(value)
          database.transaction(() => write(value))
          throw new Error('no')
        }),
      ).toThrow('no')
    fail(1)
    database.commit()
    fail(2)
    database.transaction(() => write(3))
    fail(4)
    database.transaction(() => {
      write(5)
      fail(6)
    })
    database.commit()
    database.close()
    const again = Database.open(path, MIGRATIONS)
    expect(again.prepare('SELECT v FROM t').all()).toEqual([{ v: 3 }, { v: 5 }])
    again.close()
  })

  it('names a damaged file instead of starting afresh', () => {
    writeFileSync(
      path,
      'this is not a database, and it is long enough to be read as a broken header'.repeat(20),
    )
    expect(() => Database.open(path, MIGRATIONS)).toThrow(
      expect.objectContaining({ name: 'StorageError', reason: 'storage_unreadable' }),
    )
    expect(readFileSync(path, 'utf8')).toContain('this is not a database')
  })

  it('calls a full disk a full disk', () => {
    const database = Database.open(path, MIGRATIONS)
    database.prepare('PRAGMA max_page_count = 4').get()
    expect(() =>
      database.transaction(() => {
        const insert = database.prepare('INSERT INTO t VALUES (zeroblob(4000))')
        for (let row = 0; row < 50; row += 1) insert.run()
      }),
    ).toThrow(expect.objectContaining({ reason: 'storage_full' }))
    expect(count(database)).toMatchObject({ n: 0 })
    database.close()
  })

  it('leaves nothing of a deleted row, in the file or in its log', () => {
    const database = Database.open(path, MIGRATIONS)
    database.transaction(() => void database.prepare("INSERT INTO t VALUES ('a deleted secret')").run())
    database.transaction(() => void database.prepare('DELETE FROM t').run())
    database.close()
    const kept = readdirSync(directory).map((name) => readFileSync(join(directory, name), 'latin1'))
    expect(kept.filter((bytes) => bytes.includes('a deleted secret'))).toEqual([])
  })

  it('makes directories 0700 with a .gitignore and files 0600, and refuses looser ones', () => {
    const inner = join(directory, 'accounts', 'default')
    openPrivateDirectory(inner)
    expect(statSync(inner).mode & 0o777).toBe(0o700)
    expect(readFileSync(join(inner, '.gitignore'), 'utf8')).toBe('*\n')
    openPrivateFile(join(inner, 'account.db'))
    expect(statSync(join(inner, 'account.db')).mode & 0o777).toBe(0o600)
    chmodSync(join(inner, 'account.db'), 0o640)
    expect(() => openPrivateFile(join(inner, 'account.db'))).toThrow(StorageError)
    const loose = join(directory, 'loose')
    mkdirSync(join(loose, 'photos'), { recursive: true })
    chmodSync(loose, 0o755)
    expect(() => openPrivateDirectory(loose)).toThrow('0755')
  })
})
