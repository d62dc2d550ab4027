import { copyFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { Database } from '../../../src/storage/database/database.ts'

const MIGRATIONS = [{ version: 1, sql: 'CREATE TABLE notes (text TEXT NOT NULL)' }]
const PAGE_BYTES = 4_096
const ROWS = 200

let directory = ''
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'checkpoint-'))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

// A checkpoint on a full disk wrote the header into the file and could not write the pages behind the old end. With its
// log the file was whole, and was refused as malformed for ever.
it('a file whose checkpoint stopped at a full disk is whole with its log', () => {
  const path = join(directory, 'original.db')
  const copy = join(directory, 'copy.db')
  Database.open(path, MIGRATIONS).close()
  const database = Database.open(path, MIGRATIONS)
  const pagesBefore = statSync(path).size / PAGE_BYTES
  database.transaction(() => {
    for (let row = 0; row < ROWS; row += 1) {
      database.prepare('INSERT INTO notes (text) VALUES (?)').run('x'.repeat(1_000))
    }
  })
  // The process is killed now; what it leaves is its file and its log.
  for (const suffix of ['', '-wal']) copyFileSync(path + suffix, copy + suffix)
  database.close()
  const whole = readFileSync(path)
  expect(whole.length / PAGE_BYTES).toBeGreaterThan(pagesBefore)
  const stopped = readFileSync(copy)
  // The page count of the header, as the checkpoint wrote it before there was no room for more.
  whole.copy(stopped, 28, 28, 32)
  writeFileSync(copy, stopped)

  const raw = new DatabaseSync(`file://${copy}?immutable=1`, { readOnly: true })
  expect(() => raw.prepare('PRAGMA application_id').get()).toThrow('malformed')
  raw.close()
  const reopened = Database.open(copy, MIGRATIONS)
  expect(reopened.prepare('SELECT count(*) AS n FROM notes').get()).toMatchObject({ n: ROWS })
  reopened.close()
})
