import { DatabaseSync } from '@photostructure/sqlite'
import { type Migration, schemaVersion } from './migrate.ts'
import { refuseTornFile } from './refuse-torn-file.ts'
import { StorageError } from './storage-error.ts'

/**
 * Refuses a file that is damaged, torn, or of a schema that is newer than `migrations`. Answers with its schema's
 * number. Changes nothing. Throws `StorageError` or what SQLite throws.
 */
export function inspectDatabase(path: string, migrations: readonly Migration[]): number {
  refuseTornFile(path)
  // A connection that may not write leaves the log where it is.
  const connection = new DatabaseSync(path, { readOnly: true })
  try {
    connection.exec('PRAGMA busy_timeout=2000')
    const version = schemaVersion(connection, path, migrations)
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
