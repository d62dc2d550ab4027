import { chmodSync, copyFileSync, existsSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'
import { FILE_MARK } from './file-mark.ts'
import { hardenConnection } from './harden-connection.ts'
import { inspectDatabase } from './inspect-database.ts'
import type { Migration } from './migrate.ts'
import { refuseTornFile } from './refuse-torn-file.ts'
import { setAside } from './set-aside.ts'
import { StorageError, toStorageError } from '../storage-error.ts'
import { syncPath } from '../files/sync-path.ts'

export interface RestoreOptions {
  /** A file that was in use when it was copied, without its log, is taken for the older state that it is. */
  acceptsWithoutLog: boolean
}

/**
 * Puts a copy of `source` (and of its log, where it has one) in the place of `target`, once the copy has been looked
 * through; what was there is set aside as `<target>.replaced`. Whoever calls it owns the target. A crash leaves the old
 * file, the new one, or none with a word about it, never a mixture. Throws `StorageError` and changes nothing when the
 * source cannot be used.
 */
export function restoreDatabase(
  source: string,
  target: string,
  migrations: readonly Migration[],
  { acceptsWithoutLog }: RestoreOptions,
): void {
  // While it lies there no new file is made under the target's name.
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

/** To copy a pipe would wait for its other end. */
function refuseUnlessFile(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isFile() === false)
    throw new StorageError('storage_unreadable', `${path} is not a regular file`)
}

/** One file that says it is whole. */
function foldIn(path: string): void {
  const connection = new DatabaseSync(path)
  try {
    hardenConnection(connection)
    connection.exec(`PRAGMA journal_mode=DELETE; PRAGMA application_id=${FILE_MARK.closed}`)
  } finally {
    connection.close()
  }
}

/** The person knows the name of the file that was given. */
function inWordsOf(source: string, draft: string, { reason, detail, cause }: StorageError): StorageError {
  return new StorageError(reason, detail.replaceAll(draft, source), cause)
}
