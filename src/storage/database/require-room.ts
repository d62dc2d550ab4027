import { randomBytes } from 'node:crypto'
import { closeSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { toStorageError } from '../storage-error.ts'

/** Enough for the messages of some seconds; a disk with less counts as full. */
const ROOM_BYTES = 256 * 1024

/** Throws `StorageError` (`storage_full`) while this directory's disk has no room for a quarter of a megabyte. */
export function requireRoom(directory: string): void {
  const path = join(directory, 'room.tmp')
  try {
    rmSync(path, { force: true })
    const handle = openSync(path, 'wx', 0o600)
    try {
      // Random bytes: some disks store zeros without using room.
      let missing = ROOM_BYTES
      while (missing > 0) missing -= writeSync(handle, randomBytes(missing))
      fsyncSync(handle)
    } finally {
      closeSync(handle)
    }
  } catch (error) {
    throw toStorageError(error, directory)
  } finally {
    rmSync(path, { force: true })
  }
}
