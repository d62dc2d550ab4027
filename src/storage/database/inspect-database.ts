import { openHardened } from './hardened-connection.ts'
import { type Migration, schemaVersion } from './migrate.ts'
import { refuseTornFile } from './refuse-torn-file.ts'
import { StorageError } from '../storage-error.ts'
import { verifySchema } from './verify-schema.ts'

/**
 * The number of the file's schema. Refuses a file that is damaged or torn, and a schema that is newer than `migrations`
 * or was not made by them. Changes nothing. Throws `StorageError` or what SQLite throws.
 */
export function inspectDatabase(path: string, migrations: readonly Migration[]): number {
  refuseTornFile(path)
  // A connection that may not write leaves the log where it is.
  const connection = openHardened(path, { readOnly: true })
  try {
    const version = schemaVersion(connection, path, migrations)
    // Before the check, which evaluates what the schema says.
    verifySchema(connection, path, version, migrations)
    // One row: `ok`, or a heading and what is wrong.
    const { quick_check: found } = connection.prepare('PRAGMA quick_check(1)').get() as {
      quick_check: string
    }
    if (found === 'ok') return version
    throw new StorageError('storage_unreadable', `${path}: ${found.split('\n').at(-1) ?? 'damaged'}`)
  } finally {
    connection.close()
  }
}
