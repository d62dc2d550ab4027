import { closeSync, existsSync, openSync, renameSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite'
import { closeConnection, releaseRetained } from './close-connection.ts'
import { type FileAccess, withFittingAccess } from './file-access.ts'
import { FILE_MARK } from './file-mark.ts'
import { openHardened } from './hardened-connection.ts'
import { inspectDatabase } from './inspect-database.ts'
import { backupsOf, type Migration, migrate } from './migrate.ts'
import { StorageError } from '../storage-error.ts'
import { syncPath } from '../files/sync-path.ts'

const SETTINGS =
  'PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA secure_delete=ON; PRAGMA cache_size=-1024'

/**
 * Opens or creates the file, checks it and brings its schema up to date. Until it is closed in order, the file is marked
 * as incomplete without its log. Where the file system shares no memory, this process alone has it open. Throws
 * `StorageError` or what SQLite throws.
 */
export function openConnection(path: string, migrations: readonly Migration[]): DatabaseSyncInstance {
  return withFittingAccess(path, (access) => openWith(access, path, migrations))
}

function openWith(access: FileAccess, path: string, migrations: readonly Migration[]): DatabaseSyncInstance {
  if (existsSync(path)) inspectDatabase(path, migrations, access)
  else createFile(path, migrations)
  const connection = openHardened(path, { access })
  try {
    // Marked before a log exists: a log beside a file that is marked as closed belongs to another file.
    if (!hasLog(connection) && markOf(connection) !== FILE_MARK.settled)
      connection.exec(`PRAGMA application_id=${FILE_MARK.settled}`)
    connection.exec(SETTINGS)
    keepTemporaryFilesBeside(connection, path)
    migrate(connection, path, migrations)
    connection.exec(`PRAGMA application_id=${FILE_MARK.open}; PRAGMA wal_checkpoint(TRUNCATE)`)
    releaseRetained(path)
    // From a disk that shared memory, or from trying it here.
    if (access === 'alone') rmSync(`${path}-shm`, { force: true })
    return connection
  } catch (error) {
    closeConnection(connection, path)
    throw error
  }
}

/**
 * What does not fit into memory (a large savepoint, a rewrite) goes beside the file: a container may have no other place that can be
 * written to, and texts stay in the private directory. Such a file has no name. Of the whole process: the last file that was opened says where.
 */
function keepTemporaryFilesBeside(connection: DatabaseSyncInstance, path: string): void {
  connection.exec(`PRAGMA temp_store_directory='${dirname(path).replaceAll("'", "''")}'`)
}

function markOf(connection: DatabaseSyncInstance): number {
  // The pragma's one column.
  const row = connection.prepare('PRAGMA application_id').get() as { application_id: number }
  return row.application_id
}

function hasLog(connection: DatabaseSyncInstance): boolean {
  // The pragma's one column.
  const row = connection.prepare('PRAGMA journal_mode').get() as { journal_mode: string }
  return row.journal_mode === 'wal'
}

/** The file gets its name when it is complete: an empty file of this name means that a file was damaged. */
function createFile(path: string, migrations: readonly Migration[]): void {
  const remains = [`${path}-wal`, `${path}.restored`, ...backupsOf(path)].find((name) => existsSync(name))
  if (remains !== undefined)
    throw new StorageError('storage_unreadable', `${path} is missing, but ${remains} is there`)
  const draft = `${path}.new`
  for (const suffix of ['', '-journal']) rmSync(draft + suffix, { force: true })
  closeSync(openSync(draft, 'wx', 0o600))
  const connection = new DatabaseSync(draft)
  try {
    // Nothing reads a draft after a crash: the disk is waited for once, when it is complete.
    connection.exec('PRAGMA journal_mode=MEMORY; PRAGMA synchronous=OFF')
    migrate(connection, draft, migrations)
    // As it is opened next; closed and settled files are complete alike.
    connection.exec(`PRAGMA application_id=${FILE_MARK.settled}`)
  } finally {
    connection.close()
  }
  syncPath(draft)
  renameSync(draft, path)
  syncPath(dirname(path))
}
