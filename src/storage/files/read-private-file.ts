import { closeSync, constants, fstatSync, lstatSync, openSync, readFileSync } from 'node:fs'
import { refuseLooseStats } from './private-directory.ts'
import { StorageError, toStorageError } from '../storage-error.ts'

/**
 * The text of a small file of ours; `null` where there is none. Refuses what `refuseLooseStats` refuses and a file larger
 * than `maxBytes`; never waits for a pipe, follows no link. Throws `StorageError`. Not for files that SQLite has open.
 */
export function readPrivateFile(
  path: string,
  options: { maxBytes: number; isSecret?: boolean },
): string | null {
  try {
    const found = lstatSync(path, { throwIfNoEntry: false })
    if (found === undefined) return null
    // Checked before it is opened: opening a device can have an effect.
    refuseLooseStats(path, found, options.isSecret)
    const handle = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW)
    try {
      const stat = fstatSync(handle)
      refuseLooseStats(path, stat, options.isSecret)
      if (stat.size > options.maxBytes)
        throw new StorageError('storage_unreadable', `${path} is larger than ${options.maxBytes} bytes`)
      return readFileSync(handle, 'utf8')
    } finally {
      closeSync(handle)
    }
  } catch (error) {
    // The file was removed between the two checks.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw toStorageError(error, path)
  }
}
