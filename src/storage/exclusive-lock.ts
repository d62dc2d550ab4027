import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite'
import { openPrivateFile } from './private-directory.ts'
import { toStorageError } from './storage-error.ts'

const SQLITE_BUSY = 5

/** Who holds a lock. On another machine, or in another container, the process id means something else. */
interface LockHolder {
  pid: number
  hostname: string
}

/** The lock is held elsewhere. `holder` is `null` when it could not be read. */
export class LockHeldError extends Error {
  readonly holder: LockHolder | null

  constructor(holder: LockHolder | null) {
    const where = holder === null || holder.hostname === hostname() ? '' : ` on ${holder.hostname}`
    super(holder === null ? 'held by another process' : `held by process ${holder.pid}${where}`)
    this.name = 'LockHeldError'
    this.holder = holder
  }
}

/**
 * One owner for a directory, also across processes. The operating system drops the lock with its owner, however that
 * ends, because it is SQLite's exclusive lock on `lock.db`; `owner.json` beside it only names the holder.
 */
export class ExclusiveLock {
  readonly #directory: string
  #connection: DatabaseSyncInstance | null = null

  constructor(directory: string) {
    this.#directory = directory
  }

  /** Throws `LockHeldError` at once when somebody else has it, `StorageError` when the disk refuses. */
  acquire(): void {
    if (this.#connection !== null) return
    const path = join(this.#directory, 'lock.db')
    openPrivateFile(path)
    let connection: DatabaseSyncInstance | null = null
    try {
      connection = new DatabaseSync(path)
      connection.exec('PRAGMA busy_timeout=0; PRAGMA journal_mode=MEMORY')
      connection.exec('BEGIN EXCLUSIVE')
    } catch (error) {
      connection?.close()
      if ((error as { errcode?: unknown }).errcode === SQLITE_BUSY)
        throw new LockHeldError(this.#readHolder())
      throw toStorageError(error, path)
    }
    this.#connection = connection
    this.#nameHolder()
  }

  /** Idempotent. */
  release(): void {
    if (this.#connection === null) return
    attempt(() => rmSync(this.#ownerFile, { force: true }))
    this.#connection.exec('ROLLBACK')
    this.#connection.close()
    this.#connection = null
  }

  /** A full disk takes no name. The lock holds without; only a wrong name would do harm. */
  #nameHolder(): void {
    try {
      writeFileSync(this.#ownerFile, JSON.stringify({ pid: process.pid, hostname: hostname() }), {
        mode: 0o600,
      })
    } catch {
      attempt(() => rmSync(this.#ownerFile, { force: true }))
    }
  }

  get #ownerFile(): string {
    return join(this.#directory, 'owner.json')
  }

  #readHolder(): LockHolder | null {
    try {
      const { pid, hostname } = JSON.parse(readFileSync(this.#ownerFile, 'utf8')) as Partial<
        Record<keyof LockHolder, unknown>
      >
      return typeof pid === 'number' && typeof hostname === 'string' ? { pid, hostname } : null
    } catch {
      return null
    }
  }
}

function attempt(work: () => void): void {
  try {
    work()
  } catch {
    // A disk that can only be read keeps the file; whoever takes the lock next names itself.
  }
}
