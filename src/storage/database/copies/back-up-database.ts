import { copyDatabase } from './copy-database.ts'
import { newCopyDraft } from './copy-draft.ts'
import { copyInUse, removeDraft } from './copy-in-use.ts'
import { withFittingAccess } from '../file-access.ts'
import { openHardened } from '../hardened-connection.ts'
import { foldIn, inspectDatabase } from '../inspect-database.ts'
import type { Migration } from '../migrate.ts'
import { refuseTornFile } from '../refuse-torn-file.ts'
import { inWordsOf } from './in-words-of.ts'
import { toStorageError } from '../../storage-error.ts'

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
    withFittingAccess(source, (access) => {
      if (access === 'shared') copyShared(source, target, migrations, options)
      else copyByDraft(source, target, migrations, options)
    })
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') throw error
    throw toStorageError(error, source)
  }
}

function copyShared(
  source: string,
  target: string,
  migrations: readonly Migration[],
  options: { overwrite: boolean },
): void {
  inspectDatabase(source, migrations, 'shared')
  const connection = openHardened(source, { access: 'shared', readOnly: true })
  try {
    copyDatabase(connection, target, options)
  } finally {
    connection.close()
  }
}

/** A daemon has the file for itself alone: what is on disk is copied, and SQLite reads the copy. */
function copyByDraft(
  source: string,
  target: string,
  migrations: readonly Migration[],
  options: { overwrite: boolean },
): void {
  const draft = newCopyDraft(target)
  try {
    copyInUse(source, draft)
    refuseTornFile(draft)
    withFittingAccess(draft, (access) => foldIn(draft, migrations, access))
    // It has no log any more, for which memory would have to be shared.
    copyShared(draft, target, migrations, options)
  } catch (error) {
    throw inWordsOf(source, draft, error)
  } finally {
    removeDraft(draft)
  }
}
