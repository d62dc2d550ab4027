import { existsSync, lstatSync, mkdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { StorageError, toStorageError } from './storage-error.ts'

/** Any access for group or others. */
const LOOSE_BITS = 0o077

/**
 * Makes sure that `path` is a directory of ours that nobody else can enter: created 0700 with a `.gitignore` that
 * ignores everything, or found so. Throws `StorageError` (`storage_permissions`) when it is looser or someone else's.
 */
export function openPrivateDirectory(path: string): void {
  try {
    if (!existsSync(path)) mkdirSync(path, { recursive: true, mode: 0o700 })
    const stat = statSync(path)
    if (!stat.isDirectory()) throw new StorageError('storage_permissions', `${path} is not a directory`)
    refuseLoose(path, stat.mode, stat.uid)
    const ignoreFile = join(path, '.gitignore')
    if (!existsSync(ignoreFile)) writeFileSync(ignoreFile, '*\n', { mode: 0o600 })
  } catch (error) {
    throw toStorageError(error, path)
  }
}

/** Creates `path` 0600 before SQLite would create it with the umask's mode; refuses a looser or foreign one. */
export function openPrivateFile(path: string): void {
  try {
    if (!existsSync(path)) writeFileSync(path, '', { mode: 0o600, flag: 'wx' })
    refuseLooseFile(path)
  } catch (error) {
    throw toStorageError(error, path)
  }
}

/** Refuses a file that others can read, that somebody else owns, or that is none. Throws `StorageError`. */
export function refuseLooseFile(path: string): void {
  try {
    const stat = lstatSync(path)
    if (!stat.isFile()) throw new StorageError('storage_permissions', `${path} is not a regular file`)
    refuseLoose(path, stat.mode, stat.uid)
  } catch (error) {
    throw toStorageError(error, path)
  }
}

function refuseLoose(path: string, mode: number, owner: number): void {
  const permissions = (mode & 0o777).toString(8).padStart(4, '0')
  if ((mode & LOOSE_BITS) !== 0) {
    throw new StorageError('storage_permissions', `${path} has mode ${permissions}, which lets others in`)
  }
  const self = process.geteuid?.()
  if (self !== undefined && self !== 0 && owner !== self) {
    throw new StorageError('storage_permissions', `${path} belongs to user ${owner}, not to ${self}`)
  }
}
