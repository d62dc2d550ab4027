import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { ACCOUNT_MIGRATIONS } from '../../../src/accounts/schema.ts'
import { EVENT_MIGRATIONS } from '../../../src/control/events/event-store.ts'
import { Database } from '../../../src/storage/database/database.ts'
import { type Migration, withSchemaDigest } from '../../../src/storage/database/migrate.ts'
import { schemaDigest } from '../../../src/storage/database/verify-schema.ts'

let directory: string
let path: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'whatsappd-digest-'))
  path = join(directory, 'account.db')
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

function schemaAfter(migrations: readonly Migration[]): string {
  const model = new DatabaseSync(':memory:')
  try {
    for (const { sql } of migrations) model.exec(sql)
    return schemaDigest(model)
  } finally {
    model.close()
  }
}

it.each([
  ['account.db', ACCOUNT_MIGRATIONS],
  ['daemon.db', EVENT_MIGRATIONS],
])('of %s is the one after its last step', (_name, migrations) => {
  expect(migrations.at(-1)?.schemaDigest).toBe(schemaAfter(migrations))
})

/** Steps that cannot be run a second time: to make the schema for comparison fails. */
function onlyOnce(migrations: readonly Migration[]): readonly Migration[] {
  return migrations.map((migration) => ({ ...migration, sql: 'SELECT no_such_function()' }))
}

it('is enough to open a file of the latest version: no step is run, also after ANALYZE of another tool', () => {
  Database.open(path, ACCOUNT_MIGRATIONS).close()
  const other = new DatabaseSync(path)
  other.exec('ANALYZE')
  other.close()
  Database.open(path, onlyOnce(ACCOUNT_MIGRATIONS)).close()
})

it('that does not fit decides nothing: the file is compared with what the steps make', () => {
  const wrong = withSchemaDigest(ACCOUNT_MIGRATIONS, '0'.repeat(64))
  Database.open(path, wrong).close()
  Database.open(path, wrong).close()
  const other = new DatabaseSync(path)
  other.exec('CREATE VIEW everything AS SELECT * FROM facts')
  other.close()
  expect(() => Database.open(path, wrong)).toThrow(/view "everything"/)
})

it('of the latest version says nothing of an earlier one', () => {
  const latest = schemaAfter(ACCOUNT_MIGRATIONS)
  Database.open(path, ACCOUNT_MIGRATIONS).close()
  const other = new DatabaseSync(path)
  other.exec('PRAGMA user_version=3')
  expect(schemaDigest(other)).toBe(latest)
  other.close()
  expect(() => Database.open(path, ACCOUNT_MIGRATIONS)).toThrow(/not as whatsappd makes it/)
})
