import type { DatabaseSyncInstance } from '@photostructure/sqlite'
import { FILE_MARK, readFileMark } from './file-mark.ts'

/** By path: connections whose file could not be told that it is whole, until it can be opened again. */
const retained = new Map<string, DatabaseSyncInstance>()

/**
 * Leaves one file that says it is whole, when the disk lets it; otherwise the file and its log as they are. Never
 * throws. A transaction that is open is lost.
 */
export function closeConnection(connection: DatabaseSyncInstance, path: string): void {
  const isWhole = attempt(() => {
    if (connection.isTransaction) connection.exec('ROLLBACK')
    connection.exec('PRAGMA busy_timeout=0')
    // Said before the log goes: a crash in between leaves a file that is whole.
    connection.exec(`PRAGMA application_id=${FILE_MARK.settled}; PRAGMA wal_checkpoint(TRUNCATE)`)
    connection.exec('PRAGMA journal_mode=DELETE')
    connection.exec(`PRAGMA application_id=${FILE_MARK.closed}`)
  })
  if (!isWhole && !retained.has(path) && isMarkedOpen(path)) {
    // The last connection that closes folds the log in and deletes it, also where the file still says that it needs it.
    retained.set(path, connection)
    return
  }
  attempt(() => connection.close())
}

/** The file is open again: what was retained of it may go. */
export function releaseRetained(path: string): void {
  const connection = retained.get(path)
  retained.delete(path)
  if (connection !== undefined) attempt(() => connection.close())
}

function isMarkedOpen(path: string): boolean {
  let mark: number | null = null
  attempt(() => (mark = readFileMark(path)))
  return mark === FILE_MARK.open
}

function attempt(work: () => void): boolean {
  try {
    work()
    return true
  } catch {
    // The disk refuses, and whoever needed it has been told.
    return false
  }
}
