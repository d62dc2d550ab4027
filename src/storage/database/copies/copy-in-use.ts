import { chmodSync, closeSync, copyFileSync, existsSync, openSync, readSync, rmSync, statSync } from 'node:fs'
import { StorageError } from '../../storage-error.ts'

/** A daemon empties its log every few thousand writes; a copy takes less time than that. */
const ATTEMPTS = 20
const LOG_HEADER_BYTES = 32

/**
 * Copies a database in WAL mode and its log to `draft` and `draft-wal` (0600) without opening them in SQLite, while another
 * process writes to them. What a checkpoint moves into the file meanwhile is in the log as well, so that the two fit as long
 * as the log has not begun anew; then the copy is made again. Throws of the file system, and `StorageError` when the log
 * never stays the same.
 */
export function copyInUse(source: string, draft: string): void {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    removeDraft(draft)
    const before = generationOf(source)
    for (const suffix of ['', '-wal']) {
      if (!existsSync(source + suffix)) continue
      copyFileSync(source + suffix, draft + suffix)
      chmodSync(draft + suffix, 0o600)
    }
    if (generationOf(source) === before) return
  }
  throw new StorageError(
    'storage_failed',
    `${source} changes too fast to be copied; try again, or stop the daemon before`,
  )
}

/** Removes a draft, and what SQLite leaves beside one when it is killed. */
export function removeDraft(draft: string): void {
  for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(draft + suffix, { force: true })
}

/** Differs when the log has begun anew; without a log, when the file has changed. */
function generationOf(source: string): string {
  const { ino, size, mtimeNs } = statSync(source, { bigint: true })
  const header = readLogHeader(`${source}-wal`)
  return header === null ? `${ino} ${size} ${mtimeNs}` : `${ino} ${header}`
}

function readLogHeader(log: string): string | null {
  if (!existsSync(log)) return null
  const handle = openSync(log, 'r')
  try {
    const header = Buffer.alloc(LOG_HEADER_BYTES)
    return readSync(handle, header) < LOG_HEADER_BYTES ? null : header.toString('hex')
  } finally {
    closeSync(handle)
  }
}
