import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'
import { expect, it, onTestFinished } from 'vitest'
import { ACCOUNT_MIGRATIONS } from '../../../../src/accounts/schema.ts'
import { Database } from '../../../../src/storage/database/database.ts'
import { FILE_MARK } from '../../../../src/storage/database/file-mark.ts'
import { lookIntoClosedFile, schemaNumberIn } from '../../../../src/storage/database/look-into-closed-file.ts'

it('leaves nothing beside a file that says that it has a log, and none is there', () => {
  const directory = mkdtempSync(join(tmpdir(), 'whatsappd-look-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  const [made, looked] = [join(directory, 'made.db'), join(directory, 'looked.db')]
  Database.open(made, ACCOUNT_MIGRATIONS).close()
  const connection = new DatabaseSync(made)
  connection.exec(
    `PRAGMA journal_mode=WAL; PRAGMA application_id=${FILE_MARK.settled}; PRAGMA wal_checkpoint(TRUNCATE)`,
  )
  copyFileSync(made, looked)
  connection.close()
  rmSync(made)
  const before = readFileSync(looked)
  const count = lookIntoClosedFile(looked, ACCOUNT_MIGRATIONS, (database) =>
    database.prepare('SELECT count(*) AS count FROM facts').get(),
  )
  expect(count).toEqual({ count: 0 })
  expect(schemaNumberIn(looked)).toBe(ACCOUNT_MIGRATIONS.at(-1)?.version)
  expect(readdirSync(directory)).toEqual(['looked.db'])
  expect(readFileSync(looked)).toEqual(before)
})
