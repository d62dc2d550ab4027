import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { backUpDatabase } from '../../../../src/storage/database/copies/back-up-database.ts'
import { Database } from '../../../../src/storage/database/database.ts'
import { accessIn, withFittingAccess } from '../../../../src/storage/database/file-access.ts'
import { openHardened } from '../../../../src/storage/database/hardened-connection.ts'
import { restoreDatabase } from '../../../../src/storage/database/copies/restore-database.ts'
import type { Migration } from '../../../../src/storage/database/migrate.ts'
import { FuseMount } from '../../../support/fuse-mount.ts'

// An account on a network volume (NFS, JuiceFS, a FUSE mount): SQLite's log needs memory that processes share, which such
// a volume does not have, and every start ended with "disk I/O error".

const MIGRATIONS: readonly Migration[] = [
  {
    version: 1,
    sql: 'CREATE TABLE left (id INTEGER PRIMARY KEY, text TEXT); CREATE TABLE right (id INTEGER PRIMARY KEY, text TEXT)',
  },
]
const LATER: readonly Migration[] = [...MIGRATIONS, { version: 2, sql: 'CREATE TABLE third (id INTEGER)' }]
const WRITER = join(import.meta.dirname, '../../../support/busy-writer.mjs')

let root: string

beforeEach(() => void (root = mkdtempSync(join(tmpdir(), 'whatsappd-volume-'))))
afterEach(() => rmSync(root, { recursive: true, force: true }))

function insert(database: Database, text: string): void {
  database.transaction(() => void database.prepare('INSERT INTO left (text) VALUES (?)').run(text))
}

const texts = (path: string): unknown[] => {
  const database = Database.open(path, MIGRATIONS)
  try {
    return database
      .prepare('SELECT text FROM left ORDER BY id')
      .all()
      .map((row) => row['text'])
  } finally {
    database.close()
  }
}

const isFuse = FuseMount.obstacle()
if (isFuse !== null)
  console.warn(`no test of network volumes, which need root, bindfs and /dev/fuse: ${isFuse}`)

describe('the access to a file', () => {
  it('is tried again alone where the file system turns out to share no memory, and remembered', () => {
    const path = join(root, 'account.db')
    const tried: string[] = []
    const attempt = () =>
      withFittingAccess(path, (access) => {
        tried.push(access)
        if (access === 'shared') throw Object.assign(new Error('disk I/O error'), { errcode: 5386 })
        return access
      })
    expect(accessIn(root)).toBe('shared')
    expect([attempt(), attempt()]).toEqual(['alone', 'alone'])
    expect(tried).toEqual(['shared', 'alone', 'alone'])
  })

  it.each([10, 13, 266, 4874])('is not for the error %i, which another access does not help', (errcode) => {
    const attempt = () =>
      withFittingAccess(join(root, 'account.db'), () => {
        throw Object.assign(new Error('disk I/O error'), { errcode })
      })
    expect(attempt).toThrow('disk I/O error')
    expect(accessIn(root)).toBe('shared')
  })
})

describe.runIf(isFuse === null)('a database on a volume without shared memory', () => {
  let volume: FuseMount
  let path: string
  beforeEach(() => {
    volume = new FuseMount(root)
    volume.mount()
    path = join(volume.directory, 'account.db')
  })
  afterEach(() => volume.unmount())

  const files = (): string[] =>
    // FUSE keeps a deleted file under such a name until it has heard that it was closed.
    readdirSync(volume.directory)
      .filter((name) => !name.startsWith('.fuse_hidden'))
      .toSorted()

  /** Killed as by `kill -9`, with what it wrote in the log only. */
  function writeAndDie(): void {
    const source = join(import.meta.dirname, '../../../../src/storage/database/database.ts')
    const program = `
      const { Database } = await import(${JSON.stringify(source)})
      const database = Database.open(${JSON.stringify(path)}, ${JSON.stringify(MIGRATIONS)})
      database.transaction(() => database.prepare('INSERT INTO left (text) VALUES (?)').run('killed'))
      process.kill(process.pid, 'SIGKILL')
    `
    expect(() =>
      execFileSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program], {
        stdio: 'pipe',
      }),
    ).toThrow()
    expect(files()).toEqual(['account.db', 'account.db-wal'])
  }

  it('is what the test says: sharing memory fails there', () => {
    const connection = openHardened(path, { access: 'shared' })
    expect(() => connection.exec('PRAGMA journal_mode=WAL; CREATE TABLE t (id INTEGER)')).toThrow(
      'disk I/O error',
    )
    connection.close()
  })

  it('works, without a -shm, also in the place of a file that had one', () => {
    const database = Database.open(path, MIGRATIONS)
    insert(database, 'one')
    expect(files()).toEqual(['account.db', 'account.db-wal'])
    // The disk of this process' memory is not asked for.
    database.truncateLog()
    insert(database, 'two')
    database.close()
    expect(files()).toEqual(['account.db'])
    expect(texts(path)).toEqual(['one', 'two'])
  })

  it('survives a kill -9', () => {
    writeAndDie()
    expect(texts(path)).toEqual(['killed'])
    expect(files()).toEqual(['account.db'])
  })

  it('is left as it is, with its log, when it is refused', () => {
    writeAndDie()
    const before = ['account.db', 'account.db-wal'].map((name) =>
      readFileSync(join(volume.source, name), 'hex'),
    )
    const foreign: readonly Migration[] = [{ version: 1, sql: 'CREATE TABLE other (id INTEGER)' }]
    expect(() => Database.open(path, foreign)).toThrow(/storage_unreadable/)
    expect(files()).toEqual(['account.db', 'account.db-wal'])
    expect(
      ['account.db', 'account.db-wal'].map((name) => readFileSync(join(volume.source, name), 'hex')),
    ).toEqual(before)
    expect(texts(path)).toEqual(['killed'])
  })

  it('is migrated, with a copy from before', () => {
    writeAndDie()
    Database.open(path, LATER).close()
    expect(files()).toEqual(['account.db', 'account.db.v1.bak'])
    expect(() => texts(path)).toThrow(/storage_newer/)
  })

  it('is kept from a second process', () => {
    const database = Database.open(path, MIGRATIONS)
    const program = `
      const { DatabaseSync } = require('@photostructure/sqlite')
      try { new DatabaseSync(process.argv[1]).prepare('SELECT * FROM left').all(); console.log('read') }
      catch (error) { console.log(error.message) }
    `
    expect(execFileSync(process.execPath, ['-e', program, path], { encoding: 'utf8' })).toBe(
      'database is locked\n',
    )
    database.close()
  })

  it.each(['there', 'on a local disk'])(
    'is backed up %s while it is written, each time whole',
    async (place) => {
      // Not through the volume: this process would keep the file for a while.
      Database.open(join(volume.source, 'account.db'), MIGRATIONS).close()
      const writer = spawn(process.execPath, [WRITER, path], { stdio: ['ignore', 'pipe', 'inherit'] })
      try {
        await new Promise((resolve) => writer.stdout.once('data', resolve))
        const target = place === 'there' ? join(volume.directory, 'copy.db') : join(root, 'copy.db')
        let rows = 0
        for (let round = 0; round < 8; round++) {
          backUpDatabase(path, target, MIGRATIONS, { overwrite: true })
          const copy = new DatabaseSync(target, { readOnly: true })
          const [found] = copy
            .prepare(
              'SELECT (SELECT max(id) FROM left) AS newest, (SELECT count(*) FROM left) - (SELECT count(*) FROM right) AS difference',
            )
            .all() as { newest: number; difference: number }[]
          expect(copy.prepare('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }])
          copy.close()
          expect(found?.difference).toBe(0)
          expect(found?.newest).toBeGreaterThanOrEqual(rows)
          rows = found?.newest ?? 0
          expect(readdirSync(dirname(target)).filter((name) => name.includes('.whatsappd.'))).toEqual([])
        }
      } finally {
        writer.kill('SIGKILL')
        await new Promise((resolve) => writer.once('close', resolve))
      }
    },
  )

  it('is backed up and restored when nothing has it open', () => {
    writeAndDie()
    const copy = join(volume.directory, 'copy.db')
    backUpDatabase(path, copy, MIGRATIONS, { overwrite: false })
    expect(() => backUpDatabase(path, copy, MIGRATIONS, { overwrite: false })).toThrow(/EEXIST/)
    // The account itself is as it was.
    expect(files()).toEqual(['account.db', 'account.db-wal', 'copy.db'])
    const database = Database.open(path, MIGRATIONS)
    insert(database, 'later')
    database.close()
    restoreDatabase(copy, path, MIGRATIONS, { acceptsWithoutLog: false })
    expect(texts(path)).toEqual(['killed'])
    expect(texts(`${path}.replaced`)).toEqual(['killed', 'later'])
  })
})
