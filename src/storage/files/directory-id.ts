import { randomUUID } from 'node:crypto'
import { linkSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readPrivateFile } from './read-private-file.ts'
import { StorageError, toStorageError } from '../storage-error.ts'

const MAX_BYTES = 1_024
const SHAPE = /^[0-9a-f-]{36}$/

/**
 * The id of a directory: the same on every host that shares it, and in every copy. The first call creates it atomically,
 * so that two hosts agree. Throws `StorageError`.
 */
export function directoryId(directory: string): string {
  const path = join(directory, 'id')
  const draft = join(directory, `id.${randomUUID()}`)
  try {
    const known = read(path)
    if (known !== null) return known
    writeFileSync(draft, `${randomUUID()}\n`, { mode: 0o600, flush: true })
    try {
      linkSync(draft, path)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    } finally {
      rmSync(draft, { force: true })
    }
    const made = read(path)
    if (made === null) throw new StorageError('storage_failed', `${path} was removed while it was created`)
    return made
  } catch (error) {
    throw toStorageError(error, path)
  }
}

function read(path: string): string | null {
  // A process that was killed while it created the file leaves its draft: a second name of the same file.
  const text = readPrivateFile(path, { maxBytes: MAX_BYTES, isSecret: false })?.trim()
  if (text === undefined) return null
  // With a new id the lock server would see another account, and two hosts could hold this one.
  if (!SHAPE.test(text)) throw new StorageError('storage_unreadable', `${path} does not hold an id`)
  return text
}
