import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite'

/**
 * Opens a copy of a database whose owner was killed, so that looking at it repairs nothing in the original, and gives
 * it to `look`. Throws what SQLite throws.
 */
export function inSoundCopy<T>(path: string, look: (database: DatabaseSyncInstance) => T): T {
  const directory = mkdtempSync(join(tmpdir(), 'faults-copy-'))
  try {
    const copy = join(directory, basename(path))
    for (const suffix of ['', '-wal']) {
      if (existsSync(path + suffix)) copyFileSync(path + suffix, copy + suffix)
    }
    const database = new DatabaseSync(copy)
    try {
      return look(database)
    } finally {
      database.close()
    }
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

/** What `PRAGMA integrity_check` finds; nothing when the file is sound. */
export function databaseDamage(path: string): string[] {
  try {
    const rows = inSoundCopy(path, (database) => database.prepare('PRAGMA integrity_check').all())
    // The pragma's one column.
    const found = (rows as { integrity_check: string }[]).map((row) => row.integrity_check)
    return found.length === 1 && found[0] === 'ok' ? [] : found.map((what) => `${basename(path)}: ${what}`)
  } catch (error) {
    return [`${basename(path)}: ${error instanceof Error ? error.message : String(error)}`]
  }
}
