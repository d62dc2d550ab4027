import { readdirSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { DatabaseSyncInstance } from '@photostructure/sqlite'
import { copyDatabase } from './copies/copy-database.ts'
import { StorageError } from '../storage-error.ts'

/** One step of a schema: numbered from 1 without gaps, never changed after its release. */
export interface Migration {
  version: number
  sql: string
  /** What `schemaDigest` gives for the schema after this step. */
  schemaDigest?: string
}

/** The same steps; behind the last one the schema has this digest, so that an opening need not make it to compare. */
export function withSchemaDigest(
  migrations: readonly Migration[],
  schemaDigest: string,
): readonly Migration[] {
  const last = migrations.length - 1
  return migrations.map((migration, index) => (index === last ? { ...migration, schemaDigest } : migration))
}

/** The name of a copy from before a migration, which lies beside its database. */
const BACKUP_NAME = /\.v\d+\.bak$/

/** The schema's number in the file; 0 for a new one. Throws `storage_newer` when a later whatsappd made it. */
export function schemaVersion(
  connection: DatabaseSyncInstance,
  path: string,
  migrations: readonly Migration[],
): number {
  const { user_version: found } = connection.prepare('PRAGMA user_version').get() as { user_version: number }
  const known = latestOf(migrations)
  if (found <= known) return found
  throw new StorageError(
    'storage_newer',
    `${path}: made by a newer whatsappd (schema ${found}; this one knows ${known})`,
  )
}

/**
 * Brings the schema up to date, all steps or none. First copies a file that is not new to `<file>.v<schema>.bak` (0600),
 * and deletes older copies. Must run outside of a transaction.
 */
export function migrate(
  connection: DatabaseSyncInstance,
  path: string,
  migrations: readonly Migration[],
): void {
  const from = schemaVersion(connection, path, migrations)
  const missing = migrations.filter(({ version }) => version > from)
  if (missing.length === 0) return
  if (from > 0) {
    const backup = `${path}.v${from}.bak`
    copyDatabase(connection, backup, { overwrite: true })
    for (const older of backupsOf(path)) if (older !== backup) rmSync(older, { force: true })
  }
  connection.exec('BEGIN IMMEDIATE')
  try {
    for (const { sql } of missing) connection.exec(sql)
    connection.exec(`PRAGMA user_version=${latestOf(migrations)}`)
    connection.exec('COMMIT')
  } catch (error) {
    // SQLite may have rolled back already.
    if (connection.isTransaction) connection.exec('ROLLBACK')
    throw error
  }
}

/** The copies that migrations left beside this file. Throws of the file system. */
export function backupsOf(path: string): string[] {
  const directory = dirname(path)
  return readdirSync(directory)
    .filter((name) => name.startsWith(`${basename(path)}.v`) && BACKUP_NAME.test(name))
    .map((name) => join(directory, name))
}

function latestOf(migrations: readonly Migration[]): number {
  return migrations.at(-1)?.version ?? 0
}
