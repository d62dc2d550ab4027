import { pathToFileURL } from 'node:url'
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite'
import type { FileAccess } from './file-access.ts'

/**
 * Opens a file that somebody else may have made: nothing that its schema names runs a function with effects, its pages
 * are checked as they are read, and SQL cannot damage the file (https://www.sqlite.org/security.html). Waits up to two
 * seconds for a lock. Throws what SQLite throws.
 */
export function openHardened(
  path: string,
  options: { access: FileAccess; readOnly?: boolean },
): DatabaseSyncInstance {
  const { access, readOnly = false } = options
  const connection = new DatabaseSync(access === 'alone' ? aloneUrl(path) : path, { readOnly })
  try {
    connection.enableDefensive(true)
    connection.exec('PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON; PRAGMA busy_timeout=2000')
    return connection
  } catch (error) {
    connection.close()
    throw error
  }
}

/** SQLite's variant of file access that keeps the index of the log in its own memory, https://www.sqlite.org/vfs.html. */
function aloneUrl(path: string): string {
  const url = pathToFileURL(path)
  url.searchParams.set('vfs', 'unix-excl')
  return url.href
}
