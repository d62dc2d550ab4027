import { fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ACCOUNT_MIGRATIONS } from '../../../src/accounts/schema.ts'
import { Database } from '../../../src/storage/database/database.ts'

const MIGRATING = new URL('../../support/slow-migration.ts', import.meta.url)
const LATEST = ACCOUNT_MIGRATIONS.length

type Rows = Record<string, Record<string, unknown>[]>

/** With the names of conversations in the place of their ids, as versions before 14 had them. */
function byName(rows: Rows): Rows {
  const names = new Map((rows['conversations'] ?? []).map(({ id, name }) => [id, name]))
  return Object.fromEntries(
    Object.entries(rows).map(([table, all]) => [
      table,
      all.map((row) =>
        'conversation' in row ? { ...row, conversation: names.get(row['conversation']) } : row,
      ),
    ]),
  )
}

describe('the schema of account.db', () => {
  let directory = ''
  let path = ''
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'migrations-'))
    path = join(directory, 'account.db')
  })
  afterEach(() => rmSync(directory, { recursive: true, force: true }))

  const look = <T>(file: string, read: (database: DatabaseSyncInstance) => T): T => {
    const database = new DatabaseSync(file, { readOnly: true })
    try {
      return read(database)
    } finally {
      database.close()
    }
  }
  const schemaOf = (file: string): unknown =>
    look(file, (database) => database.prepare('SELECT name, sql FROM sqlite_schema ORDER BY name').all())
  const versionOf = (file: string): unknown =>
    look(file, (database) => database.prepare('PRAGMA user_version').get())
  const tablesOf = (database: Pick<Database, 'prepare'>): string[] => {
    const rows = database
      .prepare(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name",
      )
      .all()
    // FTS5 alone reads and writes its tables.
    return (rows as { name: string }[])
      .map(({ name }) => name)
      .filter((name) => !name.startsWith('search_words'))
  }
  const rowsOf = (file: string): Rows =>
    look(file, (database) =>
      Object.fromEntries(
        tablesOf(database).map((table) => [
          table,
          (database.prepare(`SELECT * FROM ${table}`).all() as Record<string, unknown>[]).map((row) => ({
            ...row,
          })),
        ]),
      ),
    )

  /** A file as the version that knew `count` steps left it, with a row in every table. */
  const makeOld = (count: number): Rows => {
    const database = Database.open(path, ACCOUNT_MIGRATIONS.slice(0, count))
    database.transaction(() => {
      for (const table of tablesOf(database)) {
        const columns = database.prepare(`PRAGMA table_info(${table})`).all() as {
          name: string
          type: string
        }[]
        const values = columns.map(({ name, type }) =>
          type === 'INTEGER' ? 1 : type === 'BLOB' ? Buffer.from([7]) : `${table} ${name}`,
        )
        const places = columns.map(() => '?').join(', ')
        const names = columns.map(({ name }) => name).join(', ')
        database.prepare(`INSERT INTO ${table} (${names}) VALUES (${places})`).run(...values)
      }
    })
    database.close()
    return rowsOf(path)
  }
  const backups = (): string[] => readdirSync(directory).filter((name) => name.endsWith('.bak'))

  it('has its steps numbered from 1 without gaps', () => {
    expect(ACCOUNT_MIGRATIONS.map(({ version }) => version)).toEqual(
      ACCOUNT_MIGRATIONS.map((_, index) => index + 1),
    )
  })

  for (let count = 1; count < LATEST; count += 1) {
    it(`comes up from version ${count} with every row, and leaves a copy of before`, () => {
      const before = makeOld(count)
      const database = Database.open(path, ACCOUNT_MIGRATIONS)
      database.close()
      const fresh = join(directory, 'fresh.db')
      Database.open(fresh, ACCOUNT_MIGRATIONS).close()
      expect(schemaOf(path)).toEqual(schemaOf(fresh))
      const after = rowsOf(path)
      expect(before['conversations'] === undefined ? byName(after) : after).toMatchObject(before)
      const copy = `${path}.v${count}.bak`
      expect(backups()).toEqual([`account.db.v${count}.bak`])
      expect(statSync(copy).mode & 0o777).toBe(0o600)
      expect(versionOf(copy)).toMatchObject({ user_version: count })
      expect(rowsOf(copy)).toEqual(before)
    })
  }

  it('leaves no copy where nothing changes, and keeps only the newest', () => {
    makeOld(1)
    for (let count = 1; count <= LATEST; count += 1) {
      Database.open(path, ACCOUNT_MIGRATIONS.slice(0, count)).close()
      Database.open(path, ACCOUNT_MIGRATIONS.slice(0, count)).close()
    }
    expect(backups()).toEqual([`account.db.v${LATEST - 1}.bak`])
  })

  it('of a newer whatsappd is refused, and the file is left as it is', () => {
    Database.open(path, [
      ...ACCOUNT_MIGRATIONS,
      { version: LATEST + 5, sql: 'CREATE TABLE later (v)' },
    ]).close()
    const before = readFileSync(path)
    expect(() => Database.open(path, ACCOUNT_MIGRATIONS)).toThrow(
      expect.objectContaining({
        reason: 'storage_newer',
        detail: `${path}: made by a newer whatsappd (schema ${LATEST + 5}; this one knows ${LATEST})`,
      }),
    )
    expect(readFileSync(path).equals(before)).toBe(true)
    expect(readdirSync(directory)).toEqual(['account.db'])
  })

  it('stays the old one when a step fails, whichever that is', () => {
    const before = makeOld(2)
    const broken = [
      ...ACCOUNT_MIGRATIONS,
      { version: LATEST + 1, sql: 'CREATE TABLE half (v)' },
      { version: LATEST + 2, sql: 'this is no SQL' },
    ]
    expect(() => Database.open(path, broken)).toThrow('syntax error')
    expect(versionOf(path)).toMatchObject({ user_version: 2 })
    expect(rowsOf(path)).toEqual(before)
  })

  it('stays the old one when the process is killed in the middle', async () => {
    const before = makeOld(LATEST)
    for (const afterMs of [0, 60, 150, 400]) {
      const child = fork(MIGRATING, [path], { execArgv: ['--import', 'tsx'] })
      const exit = once(child, 'exit')
      await once(child, 'message')
      // The copy is made right before the first step.
      await expect.poll(() => existsSync(`${path}.v${LATEST}.bak`), { interval: 5 }).toBe(true)
      await delay(afterMs)
      expect(child.exitCode).toBeNull()
      child.kill('SIGKILL')
      await exit
      const database = Database.open(path, ACCOUNT_MIGRATIONS)
      expect(tablesOf(database)).not.toContain('half')
      database.close()
      expect(rowsOf(path)).toEqual(before)
      rmSync(`${path}.v${LATEST}.bak`)
    }
  })
})
