import { existsSync, renameSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { backupsOf } from './migrate.ts'
import { syncPath } from '../files/sync-path.ts'

/**
 * Renames a database and its log to `<file>.<suffix>`, where a person or `whatsappd restore` finds them; what had that
 * name before is deleted, and so are the copies from before its migrations. Whoever calls it owns the file. Throws of
 * the file system.
 */
export function setAside(path: string, suffix: string): void {
  const target = `${path}.${suffix}`
  // The log first: without its file it is refused, while the file alone could pass for an older state.
  for (const part of ['-wal', '', '-journal']) {
    rmSync(`${target}${part}`, { force: true })
    if (existsSync(path + part)) renameSync(path + part, `${target}${part}`)
  }
  for (const name of [`${path}-shm`, ...backupsOf(path)]) rmSync(name, { force: true })
  syncPath(dirname(path))
}
