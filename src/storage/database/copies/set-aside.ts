import { existsSync, renameSync, rmSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { INSPECTED_SUFFIX } from '../inspect-database.ts'
import { backupsOf } from '../migrate.ts'
import { syncPath } from '../../files/sync-path.ts'

/** What is set aside: a file that a restored copy replaces, or one that cannot be read. */
type AsideSuffix = 'replaced' | 'damaged'

const SUFFIXES: readonly AsideSuffix[] = ['damaged', 'replaced']
/** The log first: without its file it is refused, while the file alone could pass for an older state. */
const PARTS = ['-wal', '', '-journal']

/**
 * Renames a database and its log to `<file>.<suffix>`, where a person or `whatsappd restore` finds them. Deletes an older
 * file of that name and the copies from before migrations. The caller owns the file. Throws of the file system.
 */
export function setAside(path: string, suffix: AsideSuffix): void {
  const target = `${path}.${suffix}`
  for (const part of PARTS) {
    rmSync(`${target}${part}`, { force: true })
    if (existsSync(path + part)) renameSync(path + part, `${target}${part}`)
  }
  for (const name of [`${path}-shm`, ...backupsOf(path)]) rmSync(name, { force: true })
  syncPath(dirname(path))
}

/** The names of older copies of this database that lie beside it. Throws of the file system. */
export function copiesOf(path: string): string[] {
  return [...SUFFIXES.map((suffix) => `${path}.${suffix}`), ...backupsOf(path)]
    .filter((file) => existsSync(file))
    .map((file) => basename(file))
}

/** Every file that may hold old content of this database: all of it goes when the secrets are erased. */
export function leftoversOf(path: string): string[] {
  const aside = SUFFIXES.flatMap((suffix) => PARTS.map((part) => `${path}.${suffix}${part}`))
  return [...aside, ...PARTS.map((part) => `${path}${INSPECTED_SUFFIX}${part}`), ...backupsOf(path)]
}
