import { randomBytes } from 'node:crypto'
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { syncPath } from './sync-path.ts'

/**
 * Creates a file of ours (0600) at `path`, complete or not at all. An existing file or link of that name is replaced,
 * never written to or followed; a directory makes it throw. The file is on disk when this returns, unless `isDurable` is
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
