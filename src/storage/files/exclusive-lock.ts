import { randomUUID } from 'node:crypto'
import { rmSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite'
import { type Holder, parseHolder } from '../holder.ts'
import { openPrivateFile, tightenDatabase } from './private-directory.ts'
import { readPrivateFile } from './read-private-file.ts'
import { StorageError, toStorageError } from '../storage-error.ts'
import { writePrivateFile } from './write-private-file.ts'

const SQLITE_BUSY = 5
const MAX_OWNER_BYTES = 4_096

/** The lock is held elsewhere. `holder` is `null` when it could not be read. */
export class LockHeldError extends Error {
  readonly holder: Holder | null

  constructor(holder: Holder | null) {
    const where = holder === null || holder.hostname === hostname() ? '' : ` on ${holder.hostname}`
    super(holder === null ? 'held by another process' : `held by process ${holder.pid}${where}`)
    this.name = 'LockHeldError'
    this.holder = holder
  }
}

/**
 * One owner for a directory, also across processes. It is SQLite's exclusive lock on `lock.db`, so the operating system
 * drops it when its owner ends in any way; `owner.json` beside it only names the holder.
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
    // Before the check: a copy that was made under the usual umask is readable for others.
    tightenDatabase(path)
    openPrivateFile(path)
    let connection: DatabaseSyncInstance | null = null
    try {
      connection = new DatabaseSync(path)
      connection.exec('PRAGMA busy_timeout=0; PRAGMA journal_mode=MEMORY')
      connection.exec('BEGIN EXCLUSIVE')
    } catch (error) {
      connection?.close()
      if ((error as { errcode?: unknown }).errcode === SQLITE_BUSY) {
        this.#refuseWithoutLocks()
        throw new LockHeldError(this.#readHolder())
      }
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

  /** SQLite takes a file system without locks for one where somebody else has the lock: here nobody else can have it. */
  #refuseWithoutLocks(): void {
    const path = join(this.#directory, `lock.db.${randomUUID()}`)
    let connection: DatabaseSyncInstance | null = null
    try {
      openPrivateFile(path)
      connection = new DatabaseSync(path)
      connection.exec('PRAGMA busy_timeout=0; PRAGMA journal_mode=MEMORY; BEGIN EXCLUSIVE; ROLLBACK')
    } catch (error) {
      if ((error as { errcode?: unknown }).errcode === SQLITE_BUSY)
        throw new StorageError('storage_unsupported', `${this.#directory}: it has no file locks`, error)
    } finally {
      connection?.close()
      attempt(() => rmSync(path, { force: true }))
    }
  }

  /** A full disk stores no name. The lock holds without one; only a wrong name would do harm. */
  #nameHolder(): void {
    try {
      const holder = JSON.stringify({ pid: process.pid, hostname: hostname() })
      writePrivateFile(this.#ownerFile, holder, { isDurable: false })
    } catch {
      attempt(() => rmSync(this.#ownerFile, { force: true }))
    }
  }

  get #ownerFile(): string {
    return join(this.#directory, 'owner.json')
  }

  #readHolder(): Holder | null {
    try {
      return parseHolder(readPrivateFile(this.#ownerFile, { maxBytes: MAX_OWNER_BYTES }) ?? '')
    } catch {
      return null
    }
  }
}

function attempt(work: () => void): void {
  try {
    work()
  } catch {
    // A read-only disk keeps the file; the next holder of the lock replaces it.
  }
}
