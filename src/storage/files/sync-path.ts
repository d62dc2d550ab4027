import { closeSync, fsyncSync, openSync } from 'node:fs'

/** What was written to this file, or which names this directory holds, survives a power failure. Throws of the file system. */
export function syncPath(path: string): void {
  const handle = openSync(path, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}
