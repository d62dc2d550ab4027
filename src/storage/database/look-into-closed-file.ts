import { closeSync, openSync, readSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite'
import { type Migration, schemaVersion } from './migrate.ts'
import { refuseTornFile } from './refuse-torn-file.ts'
import { StorageError, toStorageError } from '../storage-error.ts'
import { verifySchema } from './verify-schema.ts'

/** https://www.sqlite.org/fileformat2.html, section 1.3. */
const HEADER_BYTES = 100
const MAGIC = 'SQLite format 3\0'
const USER_VERSION_AT = 60

/**
 * Refuses what a start would refuse of a database that nobody has open and that has no log: a torn or damaged file, and one of a newer
 * version. What `read` asks of it is the answer. Changes nothing, takes no lock, and leaves no file beside it. Throws `StorageError`.
 */
export function lookIntoClosedFile<Result>(
  path: string,
  migrations: readonly Migration[],
  read: (connection: Pick<DatabaseSyncInstance, 'prepare'>) => Result,
): Result {
  try {
    refuseTornFile(path)
    const url = pathToFileURL(path)
    // Without locks, and so without a shared index, whatever is written in the header.
    url.searchParams.set('immutable', '1')
    const connection = new DatabaseSync(url.href, { readOnly: true })
    try {
      connection.enableDefensive(true)
      connection.exec('PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON')
      verifySchema(connection, path, schemaVersion(connection, path, migrations), migrations)
      // One row: `ok`, or a heading and what is wrong.
      const { quick_check: found } = connection.prepare('PRAGMA quick_check(1)').get() as {
        quick_check: string
      }
      if (found !== 'ok')
        throw new StorageError('storage_unreadable', `${path}: ${found.split('\n').at(-1) ?? 'damaged'}`)
      return read(connection)
    } finally {
      connection.close()
    }
  } catch (error) {
    throw toStorageError(error, path)
  }
}

/**
 * The number of the schema in the header of a file that may be in use: after an upgrade it is there at once. Reads a hundred bytes. Throws
 * `StorageError` for what is no database. Not in a process that has the file open: closing it would drop SQLite's locks.
 */
export function schemaNumberIn(path: string): number {
  try {
    const header = Buffer.alloc(HEADER_BYTES)
    const handle = openSync(path, 'r')
    try {
      const size = readSync(handle, header)
      if (size === HEADER_BYTES && header.subarray(0, MAGIC.length).toString('latin1') === MAGIC)
        return header.readUInt32BE(USER_VERSION_AT)
    } finally {
      closeSync(handle)
    }
    throw new StorageError('storage_unreadable', `${path} is not a database`)
  } catch (error) {
    throw toStorageError(error, path)
  }
}
