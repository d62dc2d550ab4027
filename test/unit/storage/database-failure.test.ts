import { readFileSync, existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Database, DatabaseClosed } from '../../../src/storage/database/database.ts'
import { inspectDatabase } from '../../../src/storage/database/inspect-database.ts'
import type { StorageError } from '../../../src/storage/storage-error.ts'

const MIGRATIONS = [{ version: 1, sql: 'CREATE TABLE t (v NOT NULL)' }]

describe('a file whose disk fails', () => {
  let directory = ''
  let path = ''
  let told: StorageError[] = []
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'failure-'))
    path = join(directory, 'account.db')
    told = []
  })
  afterEach(() => rmSync(directory, { recursive: true, force: true }))

  const open = (): Database =>
    Database.open(path, MIGRATIONS, { delayMs: 1_000, failed: (error) => void told.push(error) })
  const write = (database: Database, value: string): void =>
    database.transaction(() => void database.prepare('INSERT INTO t VALUES (?)').run(value))
  const stored = (): unknown[] => {
    const database = Database.open(path, MIGRATIONS)
    const rows = database.prepare('SELECT v FROM t').all()
    database.close()
    return (rows as { v: string }[]).map(({ v }) => v)
  }

  // SQLite rolls the whole transaction back when the disk is full: what shared it was lost without a word, and the next
  // commit, of nothing, let frames out that depended on it.
  it('is told of once, with all that was not committed, and nothing counts as committed any more', () => {
    const database = open()
    write(database, 'committed')
    database.commit()
    write(database, 'of the same group')
    database.prepare('PRAGMA max_page_count = 4').get()
    expect(() => write(database, 'x'.repeat(60_000))).toThrow('storage_full')
    expect(told.map(({ reason }) => reason)).toEqual(['storage_full'])
    expect(() => database.commit()).toThrow('storage_full')
    expect(() => write(database, 'later')).toThrow('storage_full')
    expect(told).toHaveLength(1)
    database.close()
    expect(stored()).toEqual(['committed'])
  })

  it.each(['the first of its group', 'a later one'])(
    'is told of by a transaction that has caught the failure: %s',
    (place) => {
      const database = open()
      if (place === 'a later one') write(database, 'before')
      database.prepare('PRAGMA max_page_count = 4').get()
      expect(() =>
        database.transaction(() => {
          try {
            write(database, 'x'.repeat(60_000))
          } catch {
            // As code does that can go on without what it stores.
          }
        }),
      ).toThrow('storage_full')
      expect(told.map(({ reason }) => reason)).toEqual(['storage_full'])
      database.close()
      expect(stored()).toEqual([])
    },
  )

  it('is told of by a transaction in which it was closed', () => {
    const database = open()
    expect(() =>
      database.transaction(() => {
        database.prepare("INSERT INTO t VALUES ('lost')").run()
        database.close()
      }),
    ).toThrow(DatabaseClosed)
    expect(told).toEqual([])
    expect(stored()).toEqual([])
  })

  it('is not told of a write that the schema refuses: the others of its group count', () => {
    const database = open()
    write(database, 'one')
    expect(() =>
      database.transaction(() => void database.prepare('INSERT INTO t VALUES (NULL)').run()),
    ).toThrow('NOT NULL')
    database.commit()
    expect(told).toEqual([])
    database.close()
    expect(stored()).toEqual(['one'])
  })

  it('and is moved away or replaced by another is missing, although SQLite would write on', () => {
    const database = open()
    database.verifyInPlace()
    renameSync(path, `${path}.away`)
    write(database, 'nowhere')
    expect(() => database.commit()).toThrow('storage_missing')
    expect(told.map(({ reason }) => reason)).toEqual(['storage_missing'])
    expect(() => database.verifyInPlace()).toThrow('storage_missing')
    database.close()
    expect(existsSync(path)).toBe(false)
  })

  it('is of no use once it is closed, and says that apart from a disk that refuses', () => {
    const database = open()
    const statement = database.prepare('SELECT v FROM t')
    database.close()
    expect(() => statement.all()).toThrow(DatabaseClosed)
    expect(() => database.prepare('SELECT 1')).toThrow(DatabaseClosed)
    expect(() => write(database, 'late')).toThrow(DatabaseClosed)
    expect(told).toEqual([])
  })

  it('can be opened again although somebody read it when it was closed', () => {
    const database = open()
    write(database, 'one')
    database.commit()
    const reader = new DatabaseSync(path, { readOnly: true })
    reader.exec('BEGIN; SELECT * FROM t')
    write(database, 'two')
    database.close()
    expect(stored()).toEqual(['one', 'two'])
    reader.exec('COMMIT')
    reader.close()
    expect(stored()).toEqual(['one', 'two'])
  })

  // The operating system drops all of a process' locks on a file as soon as that process closes it once; without them
  // whoever else closes the file takes its log away.
  it.runIf(existsSync('/proc/locks'))('keeps its locks when it is looked at', () => {
    const locks = (): string[] =>
      readFileSync('/proc/locks', 'utf8')
        .split('\n')
        .filter((line) => line.includes(` ${process.pid} `))
    const database = open()
    write(database, 'one')
    database.commit()
    const before = locks().length
    expect(before).toBeGreaterThan(0)
    inspectDatabase(path, MIGRATIONS, 'shared')
    expect(locks()).toHaveLength(before)
    database.close()
  })
})
