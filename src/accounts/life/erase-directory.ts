import { existsSync, readdirSync, rmdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { isImportedMark, removeImportedMark } from './in-place-import.ts'
import { withExclusiveDirectory } from '../ownership/with-exclusive-directory.ts'
import { LockHeldError } from '../../storage/files/exclusive-lock.ts'
import { StorageError } from '../../storage/storage-error.ts'
import { DaemonError } from '../../protocol/errors.ts'
import { accountDirectoryOf } from './account-directory-of.ts'

/** An account that left the config for good. */
interface RemovedAccount {
  id: string
  directory: string
  directoryAsWritten: string
}

/** What an account keeps in its directory: the database with its companions, the lock, and what tells Git to stay out. */
const OWN_FILES =
  /^(?:account\.db.*|backup\.json.*|business\.json.*|lock\.db.*|owner\.json|host\.json.*|id|\.gitignore)$/

/**
 * Erases what an account has left: all of a directory that is ours, and only our files in one that somebody else chose.
 * Throws `LockHeldError` while another process uses it, and `StorageError` (`lock_server_required`) while another host does.
 */
export function eraseDirectory(directory: string, isOurs: boolean): void {
  let isExclusive = false
  try {
    withExclusiveDirectory(directory, false, () => {
      isExclusive = true
      erase(directory, isOurs)
    })
  } catch (error) {
    const isInUse =
      error instanceof LockHeldError ||
      (error instanceof StorageError && error.reason === 'lock_server_required')
    if (isInUse || isExclusive) throw error
    // A disk on which there can be no lock holds no other process' either.
    erase(directory, isOurs)
  }
}

/** Erases what a removed account has left, also beside its directory. Answers why it could not; `null` where it could. */
export function eraseRemoved(account: RemovedAccount, stateDir: string): DaemonError | null {
  const { id, directory, directoryAsWritten } = account
  try {
    eraseDirectory(directory, directory === accountDirectoryOf(undefined, stateDir, id))
    // Which sessions of agents belong to its conversations.
    rmSync(join(stateDir, 'agents', id), { recursive: true, force: true })
    return null
  } catch (error) {
    const why = whoUses(error)
    return new DaemonError('storage_error', {
      message: `The account is removed, but its directory ${directoryAsWritten} could not be erased.${why}`,
      action: 'Erase it by hand.',
      cause: error,
    })
  }
}

/** A sentence, with a space before it; empty where nobody else uses the directory. */
function whoUses(error: unknown): string {
  if (error instanceof LockHeldError) return ` It is ${error.message}.`
  const isOtherHost = error instanceof StorageError && error.reason === 'lock_server_required'
  return isOtherHost ? ` It is in use by ${error.detail}.` : ''
}

function erase(directory: string, isOurs: boolean): void {
  if (isOurs) return rmSync(directory, { recursive: true, force: true })
  if (!existsSync(directory)) return
  for (const name of readdirSync(directory)) {
    if (OWN_FILES.test(name) && !isImportedMark(name)) rmSync(join(directory, name), { force: true })
  }
  // It stays as long as the files of the other program do: an account that is made here again must not take up their keys.
  if (readdirSync(directory).every(isImportedMark)) {
    removeImportedMark(directory)
    rmdirSync(directory)
  }
}
