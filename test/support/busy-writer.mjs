// Writes to both tables of the database named on the command line, row after row, until it is killed or who started it has ended. It has the file for
// itself alone and empties the log every few rows, as a daemon on a network volume does, only much more often.
import { DatabaseSync } from '@photostructure/sqlite'
import { pathToFileURL } from 'node:url'

const pause = new Int32Array(new SharedArrayBuffer(4))
const url = pathToFileURL(process.argv[2])
url.searchParams.set('vfs', 'unix-excl')
const connection = new DatabaseSync(url.href)
// Marked as open, as `file-mark.ts` says.
connection.exec('PRAGMA application_id=0x77617002; PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF')
connection.exec(
  'PRAGMA wal_autocheckpoint=200; PRAGMA application_id=0x77617001; PRAGMA wal_checkpoint(TRUNCATE)',
)
const insertLeft = connection.prepare('INSERT INTO left (text) VALUES (?)')
const insertRight = connection.prepare('INSERT INTO right (text) VALUES (?)')
// Large enough that a copy takes longer than the log lasts now and then.
connection.exec('BEGIN')
for (let row = 1; row <= 2_500; row++)
  for (const insert of [insertLeft, insertRight]) insert.run('x'.repeat(900))
connection.exec('COMMIT')
const parent = process.ppid
for (let row = 1; process.ppid === parent; row++) {
  connection.exec('BEGIN IMMEDIATE')
  insertLeft.run(String(row).repeat(200))
  insertRight.run(String(row).repeat(200))
  connection.exec('COMMIT')
  if (row === 50) process.stdout.write('writing\n')
  // Rows go away, too, so that pages are used again. Never the newest, by which a reader tells an older copy.
  if (row % 500 === 0)
    connection.exec(
      'BEGIN; DELETE FROM left WHERE id % 3 = 0 AND id < (SELECT max(id) FROM left);' +
        'DELETE FROM right WHERE id % 3 = 0 AND id < (SELECT max(id) FROM right); COMMIT',
    )
  if (row % 700 === 0) connection.exec('PRAGMA wal_checkpoint(TRUNCATE)')
  Atomics.wait(pause, 0, 0, 1)
}
