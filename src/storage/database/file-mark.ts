import { pathToFileURL } from 'node:url'
import { DatabaseSync } from '@photostructure/sqlite'

/** The state of a file, in its header (`application_id`): it tells a complete file from a partial copy, also after a crash. */
export const FILE_MARK = {
  /** Closed in order: complete, without a log. */
  closed: 0x77_61_70_00,
  /** In use: the latest writes may be in the log only. */
  open: 0x77_61_70_01,
  /** Between the two: complete, with a log or without. */
  settled: 0x77_61_70_02,
} as const

/**
 * The mark in the file itself, not the one in its log. Changes and locks nothing, also where this process has the file
 * open: opening and closing it in any other way would drop SQLite's own locks. Throws what SQLite throws.
 */
export function readFileMark(path: string): number {
  const url = pathToFileURL(path)
  url.searchParams.set('immutable', '1')
  const connection = new DatabaseSync(url.href, { readOnly: true })
  try {
    // After a checkpoint on a full disk the header names more pages than the file has (the log has them). With these
    // switches SQLite reads the mark all the same.
    connection.enableDefensive(false)
    connection.exec('PRAGMA writable_schema=ON')
    // The pragma's one column.
    const row = connection.prepare('PRAGMA application_id').get() as { application_id: number }
    return row.application_id
  } finally {
    connection.close()
  }
}
