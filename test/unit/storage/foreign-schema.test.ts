import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ACCOUNT_MIGRATIONS } from '../../../src/accounts/schema.ts'
import { backUpDatabase } from '../../../src/storage/database/copies/back-up-database.ts'
import { Database } from '../../../src/storage/database/database.ts'
import { restoreDatabase } from '../../../src/storage/database/copies/restore-database.ts'

// A file that somebody else made can carry statements that would run as part of ours: a trigger that copies every message, a
// view in the place of a table. It may hold rows and nothing else.

const REWRITE = `PRAGMA writable_schema=ON;
  UPDATE sqlite_schema SET sql = replace(sql, 'value TEXT NOT NULL', 'value TEXT NOT NULL DEFAULT (hex(1))') WHERE name = 'facts';
  PRAGMA writable_schema=OFF`

const PLANTS: [name: string, names: string, sql: string][] = [
  [
    'a trigger',
    'trigger "spy"',
    `CREATE TRIGGER spy AFTER INSERT ON facts BEGIN UPDATE facts SET value = 'owned'; END`,
  ],
  ['a view', 'view "everything"', 'CREATE VIEW everything AS SELECT * FROM facts'],
  [
    'a view in the place of a table',
    'view "facts"',
    `DROP TABLE facts; CREATE VIEW facts AS SELECT 1 AS name, 2 AS value`,
  ],
  ['a virtual table', 'table "search"', 'CREATE VIRTUAL TABLE search USING fts5(text)'],
  ['a table of its own', 'table "more"', 'CREATE TABLE more (id INTEGER PRIMARY KEY)'],
  ['a further column', 'table "facts"', 'ALTER TABLE facts ADD COLUMN more TEXT'],
  ['a generated column', 'table "facts"', `ALTER TABLE facts ADD COLUMN more AS (hex(name))`],
  ['an index on an expression', 'index "odd"', 'CREATE INDEX odd ON facts (hex(value))'],
  ['another default', 'table "facts"', REWRITE],
  ['a table less', 'lacks a part', 'DROP TABLE quarantined_credentials'],
]

describe('a database that somebody else made', () => {
  let directory: string
  let file: string
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'whatsappd-schema-'))
    file = join(directory, 'theirs.db')
  })
  afterEach(() => rmSync(directory, { recursive: true, force: true }))

  function make(versions: number, sql: string): void {
    Database.open(file, ACCOUNT_MIGRATIONS.slice(0, versions)).close()
    const connection = new DatabaseSync(file)
    connection.enableDefensive(false)
    connection.exec(sql)
    connection.close()
  }

  it.each(PLANTS)(
    'with %s is neither restored, opened nor copied, and keeps what is there',
    (_name, names, sql) => {
      make(ACCOUNT_MIGRATIONS.length, sql)
      const before = readFileSync(file)
      const target = join(directory, 'account.db')
      Database.open(target, ACCOUNT_MIGRATIONS).close()
      const own = readFileSync(target)
      const refusal = expect.objectContaining({
        reason: 'storage_unreadable',
        detail: expect.stringContaining(names),
      })
      expect(() => restoreDatabase(file, target, ACCOUNT_MIGRATIONS, { acceptsWithoutLog: false })).toThrow(
        refusal,
      )
      expect(() => restoreDatabase(file, target, ACCOUNT_MIGRATIONS, { acceptsWithoutLog: true })).toThrow(
        refusal,
      )
      expect(() => Database.open(file, ACCOUNT_MIGRATIONS)).toThrow(refusal)
      const copy = join(directory, 'copy.db')
      expect(() => backUpDatabase(file, copy, ACCOUNT_MIGRATIONS, { overwrite: false })).toThrow(refusal)
      expect(readFileSync(file).equals(before)).toBe(true)
      expect(readFileSync(target).equals(own)).toBe(true)
      expect(readdirSync(directory).toSorted()).toEqual(['account.db', 'theirs.db'])
    },
  )

  it('of an earlier version, with a trigger that would run while it is brought up to date, is refused before that', () => {
    make(1, `CREATE TRIGGER spy AFTER UPDATE ON facts BEGIN DELETE FROM credentials; END`)
    expect(() => Database.open(file, ACCOUNT_MIGRATIONS)).toThrow(/trigger "spy"/)
    expect(existsSync(`${file}.v1.bak`)).toBe(false)
  })

  it('that says it is of another version than it is, is refused', () => {
    make(ACCOUNT_MIGRATIONS.length, 'PRAGMA user_version=3')
    expect(() => Database.open(file, ACCOUNT_MIGRATIONS)).toThrow(/not as whatsappd makes it/)
  })

  it.each([1, 5, ACCOUNT_MIGRATIONS.length])('of version %d, as it was made, is restored', (version) => {
    make(version, 'ANALYZE')
    const target = join(directory, 'account.db')
    restoreDatabase(file, target, ACCOUNT_MIGRATIONS, { acceptsWithoutLog: false })
    Database.open(target, ACCOUNT_MIGRATIONS).close()
  })

  it('runs no function of its schema that has effects, and does not let SQL write to the schema', () => {
    const database = Database.open(file, ACCOUNT_MIGRATIONS)
    expect(database.prepare('PRAGMA trusted_schema').get()).toEqual({ trusted_schema: 0 })
    expect(database.prepare('PRAGMA cell_size_check').get()).toEqual({ cell_size_check: 1 })
    database.prepare('PRAGMA writable_schema=ON').get()
    expect(() =>
      database.transaction(() => database.prepare(`DELETE FROM sqlite_schema WHERE name = 'facts'`).run()),
    ).toThrow(/may not be modified/)
    database.close()
  })

  it.each(['', '-wal'])('that is a pipe (%s) is refused, and not waited for', (suffix) => {
    make(ACCOUNT_MIGRATIONS.length, '')
    rmSync(file + suffix, { force: true })
    execFileSync('mkfifo', [file + suffix])
    const target = join(directory, 'account.db')
    for (const acceptsWithoutLog of [false, true])
      expect(() => restoreDatabase(file, target, ACCOUNT_MIGRATIONS, { acceptsWithoutLog })).toThrow(
        `${file}${suffix} is not a regular file`,
      )
  })
})
