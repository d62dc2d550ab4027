import { pathToFileURL } from 'node:url'
import { DatabaseSync } from '@photostructure/sqlite'

/** What a file says of itself in its header (`application_id`), for who finds it after a crash, or finds a copy of it. */
export const FILE_MARK = {
  /** Closed in order: it is whole, and has no log. */
  closed: 0x77_61_70_00,
  /** In use: what was written last may be in its log only. */
  open: 0x77_61_70_01,
  /** Between the two: whole, with a log or without. */
  settled: 0x77_61_70_02,
} as const

/**
 * The mark in the file itself, whatever its log says. Changes nothing and locks nothing, also where this process has
 * the file open: to open it in any other way and close it would drop SQLite's own locks. Throws what SQLite throws.
 */
export function readFileMark(path: string): number {
  const url = pathToFileURL(path)
  url.searchParams.set('immutable', '1')
  const connection = new DatabaseSync(url.href, { readOnly: true })
  try {
    // A disk that was full during a checkpoint has left a header that names more pages than there are yet: the log has
    // them, and SQLite reads the mark all the same with these switches.
    connection.enableDefensive(false)
    connection.exec('PRAGMA writable_schema=ON')
    // The pragma's one column.
    const row = connection.prepare('PRAGMA application_id').get() as { application_id: number }
    return row.application_id
  } finally {
    connection.close()
  }
}
