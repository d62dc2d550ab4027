import { existsSync, readdirSync, rmdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { isImportedMark, removeImportedMark } from './in-place-import.ts'
import { ExclusiveLock, LockHeldError } from '../../storage/files/exclusive-lock.ts'

/** What an account keeps in its directory: the database with its companions, the lock, and what tells Git to stay out. */
const OWN_FILES = /^(?:account\.db.*|lock\.db.*|owner\.json|host\.json.*|id|\.gitignore)$/

/**
 * Erases what an account has left: all of a directory that is ours, and only our files in one that somebody else chose.
 * Throws `LockHeldError` while another process uses it.
 */
export function eraseDirectory(directory: string, isOurs: boolean): void {
  const lock = new ExclusiveLock(directory)
  try {
    lock.acquire()
  } catch (error) {
    // A disk on which there can be no lock holds no other process' either.
    if (error instanceof LockHeldError) throw error
  }
  try {
    erase(directory, isOurs)
  } finally {
    lock.release()
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
