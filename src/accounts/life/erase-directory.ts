import { existsSync, readdirSync, rmdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { isImportedMark, removeImportedMark } from './in-place-import.ts'
import { withExclusiveDirectory } from '../ownership/with-exclusive-directory.ts'
import { LockHeldError } from '../../storage/files/exclusive-lock.ts'
import { StorageError } from '../../storage/storage-error.ts'

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
