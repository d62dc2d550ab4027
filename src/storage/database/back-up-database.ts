import { DatabaseSync } from '@photostructure/sqlite'
import { copyDatabase } from './copy-database.ts'
import { hardenConnection } from './harden-connection.ts'
import { inspectDatabase } from './inspect-database.ts'
import type { Migration } from './migrate.ts'
import { toStorageError } from '../storage-error.ts'

/**
 * Writes what is committed in `source`, which another process may have open, to the one new file `target`: 0600, whole
 * and on disk before it has its name. Throws `StorageError` when the source is damaged or the disk refuses, and `EEXIST`
 * of the file system when `target` is there and may not be overwritten.
 */
export function backUpDatabase(
  source: string,
  target: string,
  migrations: readonly Migration[],
  options: { overwrite: boolean },
): void {
  try {
    inspectDatabase(source, migrations)
    const connection = new DatabaseSync(source, { readOnly: true })
    try {
      hardenConnection(connection)
      connection.exec('PRAGMA busy_timeout=2000')
      copyDatabase(connection, target, options)
    } finally {
      connection.close()
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') throw error
    throw toStorageError(error, source)
  }
}
