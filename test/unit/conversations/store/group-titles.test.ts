import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { ACCOUNT_MIGRATIONS } from '../../../../src/accounts/schema.ts'
import { GroupTitles } from '../../../../src/conversations/store/group-titles.ts'
import { Database } from '../../../../src/storage/database/database.ts'

let directory = ''
let database: Database
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'whatsappd-titles-'))
  database = Database.open(join(directory, 'account.db'), ACCOUNT_MIGRATIONS)
})
afterEach(() => {
  database.close()
  rmSync(directory, { recursive: true, force: true })
})

const run = (sql: string, ...values: string[]): void =>
  database.transaction(() => void database.prepare(sql).run(...values))

it('remembers the names of five hundred groups, and reads those of older ones again', () => {
  const groups = Array.from({ length: 501 }, (_, index) => `12036300000000${index}@g.us`)
  for (const name of groups)
    run(`INSERT INTO conversations (name, kind, title) VALUES (?, 'group', 'before')`, name)
  const titles = new GroupTitles(database)
  for (const name of groups) expect(titles.of(name)).toBe('before')
  // Behind its back: what it still remembers does not change.
  run(`UPDATE conversations SET title = 'after'`)
  const [first = '', second = ''] = groups
  expect([titles.of(first), titles.of(groups.at(-1) ?? ''), titles.of(second)]).toEqual([
    'after',
    'before',
    'after',
  ])
})
