import type { DatabaseSyncInstance } from '@photostructure/sqlite'
import { FILE_MARK, readFileMark } from './file-mark.ts'

/** By path: connections whose file could not be marked as complete, or may not be written. They are kept until the file is open again. */
const retained = new Map<string, DatabaseSyncInstance>()

/**
 * Leaves one file that is marked as complete; where the disk refuses, the file and its log stay as they are. Never
 * throws. An open transaction is rolled back.
 */
export function closeConnection(connection: DatabaseSyncInstance, path: string): void {
  const isComplete = attempt(() => {
    if (connection.isTransaction) connection.exec('ROLLBACK')
    connection.exec('PRAGMA busy_timeout=0')
    // Marked before the log is removed: a crash in between leaves a complete file.
    connection.exec(`PRAGMA application_id=${FILE_MARK.settled}; PRAGMA wal_checkpoint(TRUNCATE)`)
    connection.exec('PRAGMA journal_mode=DELETE')
    connection.exec(`PRAGMA application_id=${FILE_MARK.closed}`)
  })
  if (!isComplete && !retained.has(path) && isMarkedOpen(path)) {
    // Closing the last connection deletes the log, also while the file is still marked as incomplete without it.
    retained.set(path, connection)
    return
  }
  attempt(() => connection.close())
}

/**
 * Leaves the file and its log as they are, because another process may own them by now: the connection is kept, since SQLite would write the
 * log into the file when it closes the last one. Never throws.
 */
export function abandonConnection(connection: DatabaseSyncInstance, path: string): void {
  attempt(() => {
    if (connection.isTransaction) connection.exec('ROLLBACK')
  })
  if (retained.has(path)) attempt(() => connection.close())
  else retained.set(path, connection)
}

/** Closes the connection that was kept for this file, which is open again. */
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
    // The disk refuses; the callers that depend on it have had the error already.
    return false
  }
}
