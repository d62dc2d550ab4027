import { chmodSync, copyFileSync, existsSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { FILE_MARK } from './file-mark.ts'
import { openHardened } from './hardened-connection.ts'
import { inspectDatabase } from './inspect-database.ts'
import type { Migration } from './migrate.ts'
import { refuseTornFile } from './refuse-torn-file.ts'
import { setAside } from './set-aside.ts'
import { StorageError, toStorageError } from '../storage-error.ts'
import { syncPath } from '../files/sync-path.ts'

export interface RestoreOptions {
  /** Accept a file that was copied while in use and without its log: it holds an older state. */
  acceptsWithoutLog: boolean
}

/**
 * Checks a copy of `source` (and of its log, where it has one) and puts it in the place of `target`; the old file is
 * set aside as `<target>.replaced`. The caller owns the target. A crash leaves the old file, the new one, or a missing
 * file that is reported as missing, never a mixture. Throws `StorageError` and changes nothing when the source cannot
 * be used.
 */
export function restoreDatabase(
  source: string,
  target: string,
  migrations: readonly Migration[],
  { acceptsWithoutLog }: RestoreOptions,
): void {
  // While this draft exists, opening the target refuses to create a new file under its name.
  const draft = `${target}.restored`
  const remove = (): void => {
    for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(draft + suffix, { force: true })
  }
  try {
    for (const file of [source, `${source}-wal`]) refuseUnlessFile(file)
    if (!acceptsWithoutLog) refuseTornFile(source)
    remove()
    copyFileSync(source, draft)
    chmodSync(draft, 0o600)
    if (existsSync(`${source}-wal`)) copyFileSync(`${source}-wal`, `${draft}-wal`)
    foldIn(draft)
    if (inspectDatabase(draft, migrations) === 0)
      throw new StorageError('storage_unreadable', `${source} holds no account`)
    syncPath(draft)
  } catch (error) {
    remove()
    throw inWordsOf(source, draft, toStorageError(error, source))
  }
  setAside(target, 'replaced')
  renameSync(draft, target)
  syncPath(dirname(target))
}

/** Copying a pipe would wait for its other end. */
function refuseUnlessFile(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isFile() === false)
    throw new StorageError('storage_unreadable', `${path} is not a regular file`)
}

/** Moves the log into the file and marks the file as complete. */
function foldIn(path: string): void {
  const connection = openHardened(path)
  try {
    connection.exec(`PRAGMA journal_mode=DELETE; PRAGMA application_id=${FILE_MARK.closed}`)
  } finally {
    connection.close()
  }
}

/** Error texts name the file that the person gave, not our draft. */
function inWordsOf(source: string, draft: string, { reason, detail, cause }: StorageError): StorageError {
  return new StorageError(reason, detail.replaceAll(draft, source), cause)
}
