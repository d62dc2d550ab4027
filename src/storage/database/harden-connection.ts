import type { DatabaseSyncInstance } from '@photostructure/sqlite'

/**
 * For every connection to a file that somebody else may have made: what its schema names runs no function with effects, its
 * pages are checked as they are read, and SQL cannot damage the file. https://www.sqlite.org/security.html
 */
export function hardenConnection(connection: DatabaseSyncInstance): void {
  connection.enableDefensive(true)
  connection.exec('PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON')
}
