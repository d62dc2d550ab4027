import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite'

/**
 * Opens a file that somebody else may have made: nothing that its schema names runs a function with effects, its pages
 * are checked as they are read, and SQL cannot damage the file (https://www.sqlite.org/security.html). Waits up to two
 * seconds for a lock. Throws what SQLite throws.
 */
export function openHardened(path: string, options: { readOnly?: boolean } = {}): DatabaseSyncInstance {
  const connection = new DatabaseSync(path, { readOnly: options.readOnly ?? false })
  try {
    connection.enableDefensive(true)
    connection.exec('PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON; PRAGMA busy_timeout=2000')
    return connection
  } catch (error) {
    connection.close()
    throw error
  }
}
