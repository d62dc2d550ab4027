import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite'
import { openPrivateFile } from './private-directory.ts'
import { toStorageError } from './storage-error.ts'

const SQLITE_BUSY = 5

/** The lock is held elsewhere. `pid` is `null` when the holder could not be read. */
export class LockHeldError extends Error {
  readonly pid: number | null

  constructor(pid: number | null) {
    super(pid === null ? 'held by another process' : `held by process ${pid}`)
    this.name = 'LockHeldError'
    this.pid = pid
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
    writeFileSync(this.#ownerFile, JSON.stringify({ pid: process.pid }), { mode: 0o600 })
  }

  /** Idempotent. */
  release(): void {
    if (this.#connection === null) return
    rmSync(this.#ownerFile, { force: true })
    this.#connection.exec('ROLLBACK')
    this.#connection.close()
    this.#connection = null
  }

  get #ownerFile(): string {
    return join(this.#directory, 'owner.json')
  }

  #readHolder(): number | null {
    try {
      const { pid } = JSON.parse(readFileSync(this.#ownerFile, 'utf8')) as { pid?: unknown }
      return typeof pid === 'number' ? pid : null
    } catch {
      return null
    }
  }
}
