import { chmodSync, copyFileSync, existsSync, renameSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { removeDraft } from './copy-in-use.ts'
import { withFittingAccess } from '../file-access.ts'
import { foldIn } from '../inspect-database.ts'
import { inWordsOf } from './in-words-of.ts'
import type { Migration } from '../migrate.ts'
import { refuseTornFile } from '../refuse-torn-file.ts'
import { setAside } from './set-aside.ts'
import { StorageError } from '../../storage-error.ts'
import { syncPath } from '../../files/sync-path.ts'

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
  try {
    for (const file of [source, `${source}-wal`]) refuseUnlessFile(file)
    if (!acceptsWithoutLog) refuseTornFile(source)
    removeDraft(draft)
    copyFileSync(source, draft)
    chmodSync(draft, 0o600)
    if (existsSync(`${source}-wal`)) copyFileSync(`${source}-wal`, `${draft}-wal`)
    if (withFittingAccess(draft, (access) => foldIn(draft, migrations, access)) === 0)
      throw new StorageError('storage_unreadable', `${source} holds no account`)
    syncPath(draft)
  } catch (error) {
    removeDraft(draft)
    throw inWordsOf(source, draft, error)
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
