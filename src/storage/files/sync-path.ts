import { closeSync, fsyncSync, openSync } from 'node:fs'

/** Makes the content of a file, or the names in a directory, survive a power failure (fsync). Throws of the file system. */
export function syncPath(path: string): void {
  const handle = openSync(path, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}
