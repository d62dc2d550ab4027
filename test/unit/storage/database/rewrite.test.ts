/**
 * `secure_delete` overwrites what is deleted, but not the bytes that stay where SQLite once moved a row within a page: with the log emptied
 * alone, a third of these files still held words of rows that were erased.
 */
import { DatabaseSync } from '@photostructure/sqlite'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Database } from '../../../../src/storage/database/database.ts'
import { rawWords } from '../../../support/raw-search.ts'

const MIGRATIONS = [
  {
    version: 1,
    sql: `
      CREATE TABLE texts (sequence INTEGER PRIMARY KEY, owner INTEGER NOT NULL, text TEXT NOT NULL);
      CREATE INDEX texts_owner ON texts (owner, sequence);
      CREATE TABLE named (owner INTEGER NOT NULL, name TEXT NOT NULL, text TEXT NOT NULL, PRIMARY KEY (owner, name)) WITHOUT ROWID;`,
  },
]
const ERASED = 0

describe('a database that is written anew', () => {
  let directory = ''
  let database: Database
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'rewrite-'))
    database = Database.open(join(directory, 'a.db'), MIGRATIONS)
  })
  afterEach(() => {
    database.close()
    rmSync(directory, { recursive: true, force: true })
  })

  /** Rows of five owners, which are added, made longer and replaced in a jumble that is the same for each seed. */
  function fill(seed: number): void {
    let state = seed * 7_919
    const random = (below: number): number => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff
      return state % below
    }
    for (let round = 0; round < 400; round += 1)
      database.transaction(() => {
        const owner = random(5)
        const text = (): string =>
          (owner === ERASED ? 'erasedword' : 'otherword').padEnd(10 + random(700), '.')
        database.prepare('INSERT INTO texts (owner, text) VALUES (?, ?)').run(owner, text())
        database
          .prepare(
            'UPDATE texts SET text = ? WHERE sequence = (SELECT sequence FROM texts WHERE owner = ? LIMIT 1 OFFSET ?)',
          )
          .run(text(), owner, random(20))
        database
          .prepare('INSERT OR REPLACE INTO named VALUES (?, ?, ?)')
          .run(owner, `k${random(300)}`, text())
      })
  }

  const WAYS = {
    'written anew': () => database.rewrite(),
    'in slices': () => database.overwriteFreeSpace(1, nextTurn),
  }
  const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8]
  it.each(
    SEEDS.flatMap((seed) => Object.entries(WAYS).map(([how, overwrite]) => ({ seed, how, overwrite }))),
  )('holds no byte of erased rows, and every other row ($seed, $how)', async ({ seed, overwrite }) => {
    fill(seed)
    const others = database.prepare('SELECT * FROM texts WHERE owner != ?').all(ERASED)
    const named = database.prepare('SELECT * FROM named WHERE owner != ?').all(ERASED)
    database.transaction(() => {
      for (const table of ['texts', 'named'])
        database.prepare(`DELETE FROM ${table} WHERE owner = ?`).run(ERASED)
    })
    expect(await overwrite()).toBe(true)
    expect(rawWords(directory, ['erasedword'])).toEqual([])
    expect(database.prepare('SELECT * FROM texts').all()).toEqual(others)
    expect(database.prepare('SELECT * FROM named').all()).toEqual(named)
    expect(database.prepare('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }])
  })

  it('is written by others between the slices, and loses nothing of that', async () => {
    fill(3)
    database.transaction(() => {
      for (const table of ['texts', 'named'])
        database.prepare(`DELETE FROM ${table} WHERE owner = ?`).run(ERASED)
    })
    const before = database.prepare('SELECT count(*) AS rows FROM texts').get() as { rows: number }
    let slices = 0
    const write = async (): Promise<void> => {
      await nextTurn()
      slices += 1
      database.transaction(() => {
        database.prepare('INSERT INTO texts (owner, text) VALUES (1, ?)').run('newword'.padEnd(700, '.'))
        database
          .prepare('UPDATE texts SET text = ? WHERE sequence % 7 = ?')
          .run('x'.repeat(slices * 9), slices % 7)
        database.prepare('DELETE FROM named WHERE name = ?').run(`k${slices}`)
      })
    }
    expect(await database.overwriteFreeSpace(0, write)).toBe(true)
    expect(slices).toBeGreaterThan(5)
    expect(rawWords(directory, ['erasedword'])).toEqual([])
    expect(database.prepare('SELECT count(*) AS rows FROM texts').get()).toEqual({
      rows: before.rows + slices,
    })
    expect(database.prepare('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }])
    database.close()
    database = Database.open(join(directory, 'a.db'), MIGRATIONS)
    expect(database.prepare('SELECT count(*) AS rows FROM texts').get()).toEqual({
      rows: before.rows + slices,
    })
  })

  it('says so in slices, too, while another program reads it', async () => {
    fill(1)
    const reader = new DatabaseSync(join(directory, 'a.db'), { readOnly: true })
    reader.exec('BEGIN; SELECT count(*) FROM texts')
    database.transaction(() => void database.prepare('DELETE FROM texts').run())
    const began = performance.now()
    for (let attempt = 0; attempt < 10; attempt += 1)
      expect(await database.overwriteFreeSpace(1, nextTurn)).toBe(false)
    // SQLite's own waiting would have stopped everything else for two seconds each time.
    expect(performance.now() - began).toBeLessThan(10_000)
    expect(database.prepare('PRAGMA busy_timeout').get()).toEqual({ timeout: 2_000 })
    reader.exec('COMMIT')
    reader.close()
    expect(await database.overwriteFreeSpace(1, nextTurn)).toBe(true)
  })

  it('is one file with an empty log, without older copies', () => {
    fill(1)
    for (const copy of ['a.db.v1.bak', 'a.db.replaced', 'a.db.damaged-wal'])
      writeFileSync(join(directory, copy), 'x')
    database.rewrite()
    expect(readdirSync(directory).filter((name) => name !== 'a.db-shm' && name !== 'a.db-wal')).toEqual([
      'a.db',
    ])
  })

  it('says so while another program reads it', () => {
    fill(1)
    const reader = new DatabaseSync(join(directory, 'a.db'), { readOnly: true })
    reader.exec('BEGIN; SELECT count(*) FROM texts')
    database.transaction(() => void database.prepare('DELETE FROM texts').run())
    expect(database.rewrite()).toBe(false)
    reader.exec('COMMIT')
    reader.close()
    expect(database.rewrite()).toBe(true)
  })

  it('takes what was written before, and goes on', () => {
    database.transaction(
      () => void database.prepare('INSERT INTO texts (owner, text) VALUES (1, ?)').run('a'),
    )
    database.rewrite()
    database.transaction(
      () => void database.prepare('INSERT INTO texts (owner, text) VALUES (1, ?)').run('b'),
    )
    database.close()
    database = Database.open(join(directory, 'a.db'), MIGRATIONS)
    expect(database.prepare('SELECT text FROM texts').all()).toEqual([{ text: 'a' }, { text: 'b' }])
  })

  // A daemon that was stopped for minutes goes on in the middle of this, when another one already has the account.
  it('is left alone once another process may own it, also where nothing is left to commit', async () => {
    database.close()
    let isOurs = true
    const failures: string[] = []
    database = Database.open(join(directory, 'a.db'), MIGRATIONS, {
      delayMs: 1_000,
      fence: () => {
        if (!isOurs) throw new Error('another process has it')
      },
      failed: ({ message }) => void failures.push(message),
    })
    database.transaction(
      () => void database.prepare('INSERT INTO texts (owner, text) VALUES (?, ?)').run(ERASED, 'a'),
    )
    const bytes = (): string[] =>
      ['a.db', 'a.db-wal'].map((name) => readFileSync(join(directory, name), 'base64'))
    let before: string[] = []
    const stopped = async (): Promise<void> => {
      database.transaction(() => void database.prepare('DELETE FROM texts WHERE owner = ?').run(ERASED))
      database.commit()
      before = bytes()
      isOurs = false
    }
    await expect(database.overwriteFreeSpace(0, stopped)).rejects.toThrow('another process has it')
    expect(() => database.truncateLog()).toThrow('another process has it')
    expect(() => database.rewrite()).toThrow('another process has it')
    expect(bytes()).toEqual(before)
    expect(failures).toHaveLength(1)
  })
})
