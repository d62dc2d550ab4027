/** The queries of docs/debugging.md run on the schema as it is: a renamed column must not leave a page of errors behind. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'
import { afterAll, expect, it } from 'vitest'
import { ACCOUNT_MIGRATIONS } from '../../../src/accounts/schema.ts'
import { SqliteEventStore } from '../../../src/control/events/event-store.ts'
import { createLogger } from '../../../src/observability/log/logger.ts'
import { Database } from '../../../src/storage/database/database.ts'

const page = readFileSync(join(import.meta.dirname, '../../../docs/debugging.md'), 'utf8')
const directory = mkdtempSync(join(tmpdir(), 'queries-'))
const account = Database.open(join(directory, 'account.db'), ACCOUNT_MIGRATIONS)
const store = new SqliteEventStore(join(directory, 'daemon.db'), {
  logger: createLogger({ level: 'silent' }),
  now: Date.now,
})
store.start()
const events = new DatabaseSync(join(directory, 'daemon.db'), { readOnly: true })

afterAll(() => {
  account.close()
  events.close()
  store.stop()
  rmSync(directory, { recursive: true })
})

/** Every `SELECT` of the page, up to its `;`, or the quote or backtick that ends it. */
const queries = [...page.matchAll(/SELECT (?:'[^']*'|[^;`'"])+/g)].map(([query]) => query.trim())

it('has queries', () => {
  expect(queries.length).toBeGreaterThan(8)
})

it.each(queries)('can run: %s', (query) => {
  const database = / FROM events\b/.test(query) ? events : account
  expect(database.prepare(query).all()).toEqual([])
})

it('names every table of an account', () => {
  const tables = account
    .prepare("SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%'")
    .all() as { name: string }[]
  expect(tables.map(({ name }) => name).filter((name) => !page.includes(`\`${name}\``))).toEqual([])
})
