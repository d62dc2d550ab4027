import { copyDatabase } from './copy-database.ts'
import { openHardened } from './hardened-connection.ts'
import { inspectDatabase } from './inspect-database.ts'
import type { Migration } from './migrate.ts'
import { toStorageError } from '../storage-error.ts'

/**
 * Writes what is committed in `source`, which another process may have open, to one new file `target`: 0600, complete
 * and on disk before it has its name. Throws `StorageError` when the source is damaged or the disk refuses, and the file
 * system's `EEXIST` when `target` exists and may not be overwritten.
 */
export function backUpDatabase(
  source: string,
  target: string,
  migrations: readonly Migration[],
  options: { overwrite: boolean },
): void {
  try {
    inspectDatabase(source, migrations)
    const connection = openHardened(source, { readOnly: true })
    try {
      copyDatabase(connection, target, options)
    } finally {
      connection.close()
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') throw error
    throw toStorageError(error, source)
  }
}
