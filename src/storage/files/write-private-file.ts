import { randomBytes } from 'node:crypto'
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { syncPath } from './sync-path.ts'

/**
 * Puts a new file of ours (0600) at `path`, whole or not at all. Whatever was there, a link or somebody else's file, is
 * replaced and neither written to nor followed; a directory is not. On disk when this returns, unless `isDurable` is
 * false. Throws what the file system throws.
 */
export function writePrivateFile(path: string, text: string, options: { isDurable?: boolean } = {}): void {
  const isDurable = options.isDurable ?? true
  const draft = `${path}.${randomBytes(6).toString('hex')}.tmp`
  try {
    const handle = openSync(draft, 'wx', 0o600)
    try {
      writeFileSync(handle, text)
      if (isDurable) fsyncSync(handle)
    } finally {
      closeSync(handle)
    }
    renameSync(draft, path)
    if (isDurable) syncPath(dirname(path))
  } finally {
    rmSync(draft, { force: true })
  }
}
