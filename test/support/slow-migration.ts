/** A process that migrates the database given as its argument in a step that takes a while, and says when it begins. */
import { ACCOUNT_MIGRATIONS } from '../../src/accounts/schema.ts'
import { Database } from '../../src/storage/database/database.ts'

const [, , path = ''] = process.argv
const latest = ACCOUNT_MIGRATIONS.at(-1)?.version ?? 0
process.send?.('begun')
Database.open(path, [
  ...ACCOUNT_MIGRATIONS,
  { version: latest + 1, sql: 'CREATE TABLE half (v TEXT)' },
  {
    version: latest + 2,
    sql: `INSERT INTO half WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000000)
          SELECT hex(randomblob(200)) FROM n; DROP TABLE facts`,
  },
])
