import { StorageError, toStorageError } from '../storage-error.ts'
import { withFittingAccess } from './file-access.ts'
import { openHardened } from './hardened-connection.ts'
import { inspectDatabase } from './inspect-database.ts'
import type { Migration } from './migrate.ts'

/** Rows of a query, each as an object by column. */
export type ReadQuery = (sql: string, ...values: (string | number | null)[]) => Record<string, unknown>[]

/**
 * What `read` finds in a file that another process may have open, as it is committed. Nothing of the file changes. Throws `StorageError`
 * where it is damaged, newer, or older than `migrations`, or where its file system lets one process open it only.
 */
export function withReadOnly<Result>(
  path: string,
  migrations: readonly Migration[],
  read: (query: ReadQuery) => Result,
): Result {
  try {
    return withFittingAccess(path, (access) => {
      if (access === 'alone')
        throw new StorageError(
          'storage_unreadable',
          `${path} is on a file system that shares no memory, where one process alone opens it; read a copy that "whatsappd backup" makes`,
        )
      const version = inspectDatabase(path, migrations, access)
      if (version !== (migrations.at(-1)?.version ?? 0))
        throw new StorageError(
          'storage_unreadable',
          `${path} is of an earlier version; start the daemon once, which brings it up to date`,
        )
      const connection = openHardened(path, { access, readOnly: true })
      try {
        return read((sql, ...values) => connection.prepare(sql).all(...values) as Record<string, unknown>[])
      } finally {
        connection.close()
      }
    })
  } catch (error) {
    throw toStorageError(error, path)
  }
}
