import { closeSync, linkSync, openSync, renameSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite'
import { FILE_MARK } from '../file-mark.ts'
import { syncPath } from '../../files/sync-path.ts'
import { newCopyDraft } from './copy-draft.ts'

/**
 * Writes everything that is committed to one new file without a log: 0600, and it gets its name when it is complete and
 * on disk. Other connections may write to the database meanwhile. Throws of SQLite and of the file system; without
 * `overwrite` it throws `EEXIST` where `target` exists, and leaves it as it is.
 */
export function copyDatabase(
  connection: DatabaseSyncInstance,
  target: string,
  { overwrite }: { overwrite: boolean },
): void {
  const draft = newCopyDraft(target)
  // SQLite writes into an empty file; it would create its own with the umask's mode.
  closeSync(openSync(draft, 'wx', 0o600))
  try {
    connection.prepare('VACUUM INTO ?').run(draft)
    const copy = new DatabaseSync(draft)
    copy.exec(`PRAGMA application_id=${FILE_MARK.closed}`)
    copy.close()
    syncPath(draft)
    if (overwrite) renameSync(draft, target)
    else linkSync(draft, target)
    syncPath(dirname(target))
  } finally {
    rmSync(draft, { force: true })
  }
}
