import { existsSync } from 'node:fs'
import { copyInUse, removeDraft } from './copies/copy-in-use.ts'
import { type FileAccess, lacksSharedMemory } from './file-access.ts'
import { FILE_MARK } from './file-mark.ts'
import { openHardened } from './hardened-connection.ts'
import { inWordsOf } from './copies/in-words-of.ts'
import { type Migration, schemaVersion } from './migrate.ts'
import { refuseTornFile } from './refuse-torn-file.ts'
import { StorageError } from '../storage-error.ts'
import { verifySchema } from './verify-schema.ts'

/** The copy that is looked at where the file cannot be read without being changed. Never there while nothing is opened. */
export const INSPECTED_SUFFIX = '.inspected'

/**
 * The number of the file's schema. Refuses a file that is damaged or torn, and a schema that is newer than `migrations`
 * or was not made by them. Changes nothing. Throws `StorageError` or what SQLite throws.
 */
export function inspectDatabase(path: string, migrations: readonly Migration[], access: FileAccess): number {
  refuseTornFile(path)
  if (access === 'shared') return inspect(path, migrations)
  // After a crash. Alone, only a connection that may write reads a log, and it would move it into the file.
  if (existsSync(`${path}-wal`)) return inspectCopy(path, migrations)
  try {
    return inspect(path, migrations)
  } catch (error) {
    if (!lacksSharedMemory(error)) throw error
    return inspectCopy(path, migrations)
  }
}

function inspectCopy(path: string, migrations: readonly Migration[]): number {
  const draft = path + INSPECTED_SUFFIX
  try {
    copyInUse(path, draft)
    return foldIn(draft, migrations, 'alone')
  } catch (error) {
    throw inWordsOf(path, draft, error)
  } finally {
    removeDraft(draft)
  }
}

/**
 * Moves the log of a draft into its file, marks the file as complete and inspects it. Answers with the number of its
 * schema. Throws `StorageError` or what SQLite throws.
 */
export function foldIn(draft: string, migrations: readonly Migration[], access: FileAccess): number {
  const connection = openHardened(draft, { access })
  try {
    connection.exec(`PRAGMA journal_mode=DELETE; PRAGMA application_id=${FILE_MARK.closed}`)
  } finally {
    connection.close()
  }
  refuseTornFile(draft)
  return inspect(draft, migrations)
}

function inspect(path: string, migrations: readonly Migration[]): number {
  // A connection that may not write leaves the log where it is.
  const connection = openHardened(path, { access: 'shared', readOnly: true })
  try {
    const version = schemaVersion(connection, path, migrations)
    // Before the check, which evaluates what the schema says.
    verifySchema(connection, path, version, migrations)
    // One row: `ok`, or a heading and what is wrong.
    const { quick_check: found } = connection.prepare('PRAGMA quick_check(1)').get() as {
      quick_check: string
    }
    if (found === 'ok') return version
    throw new StorageError('storage_unreadable', `${path}: ${found.split('\n').at(-1) ?? 'damaged'}`)
  } finally {
    connection.close()
  }
}
