import { DatabaseSync, type DatabaseSyncInstance, type StatementSyncInstance } from '@photostructure/sqlite'
import { type StorageError, toStorageError } from './storage-error.ts'

/** One step of a schema: numbered from 1 without gaps, never changed once released. */
export interface Migration {
  version: number
  sql: string
}

/** Several transactions share one commit, and so one wait for the disk. */
export interface GroupCommit {
  /** The longest that a write may stay uncommitted, milliseconds. */
  delayMs: number
  /** A commit that nobody waited for failed: everything since the last one is lost, and memory knows more than the disk. */
  failed(error: StorageError): void
}

/**
 * One SQLite file with a single writer: this process. Synchronous, so that a listener which returns has written.
 * Without group commit every outermost `transaction` is on disk when it returns (`synchronous=FULL`); with it, when
 * `commit` returns. Inner transactions are savepoints. All methods throw `StorageError`.
 */
export class Database {
  readonly path: string
  readonly #connection: DatabaseSyncInstance
  readonly #statements = new Map<string, StatementSyncInstance>()
  readonly #group: GroupCommit | null
  #depth = 0
  /** A transaction of the group is open, with writes that are not committed yet. */
  #open = false
  #timer: NodeJS.Timeout | undefined
  #closed = false

  private constructor(path: string, connection: DatabaseSyncInstance, group: GroupCommit | null) {
    this.path = path
    this.#connection = connection
    this.#group = group
  }

  /** Opens or creates the file and brings its schema up to date. The caller has set the directory's mode. */
  static open(path: string, migrations: readonly Migration[], group: GroupCommit | null = null): Database {
    try {
      const database = new Database(path, new DatabaseSync(path), group)
      database.#connection.exec(
        'PRAGMA busy_timeout=2000; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA secure_delete=ON; PRAGMA cache_size=-1024',
      )
      database.#migrate(migrations)
      return database
    } catch (error) {
      throw toStorageError(error, path)
    }
  }

  /** The statement for `sql`, prepared once. Write through `transaction` only. Not to be kept past `close()`. */
  prepare(sql: string): StatementSyncInstance {
    let statement = this.#statements.get(sql)
    if (statement === undefined) {
      statement = this.#connection.prepare(sql)
      this.#statements.set(sql, statement)
    }
    return statement
  }

  /** Runs `work` atomically. `work` must be synchronous. */
  transaction<T>(work: () => T): T {
    if (this.#depth > 0 || this.#group !== null) return this.#savepoint(work)
    this.#begin()
    try {
      const result = this.#savepoint(work)
      this.commit()
      return result
    } catch (error) {
      this.#abandon()
      throw error
    }
  }

  /** Everything written so far is on disk when this returns. Inside a transaction it does nothing: that one is not whole. */
  commit(): void {
    if (!this.#open || this.#depth > 0) return
    clearTimeout(this.#timer)
    this.#timer = undefined
    try {
      this.#connection.exec('COMMIT')
      this.#open = false
    } catch (error) {
      this.#abandon()
      throw toStorageError(error, this.path)
    }
  }

  /** Moves the write-ahead log into the file and empties it, so that erased rows are nowhere on disk. */
  truncateLog(): void {
    this.commit()
    try {
      this.#connection.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    } catch (error) {
      throw toStorageError(error, this.path)
    }
  }

  /** Commits what it can, and leaves one file: what was deleted must not stay readable in its log. Idempotent. */
  close(): void {
    if (this.#closed) return
    try {
      this.truncateLog()
    } catch {
      // Whoever waited for it has been told; there is nothing left to save.
    }
    this.#closed = true
    clearTimeout(this.#timer)
    this.#statements.clear()
    this.#connection.close()
  }

  #savepoint<T>(work: () => T): T {
    const depth = this.#depth
    try {
      if (depth === 0) this.#begin()
      this.#connection.exec(`SAVEPOINT s${depth}`)
      this.#depth = depth + 1
      try {
        const result = work()
        this.#connection.exec(`RELEASE s${depth}`)
        return result
      } catch (error) {
        this.#try(`ROLLBACK TO s${depth}; RELEASE s${depth}`)
        throw error
      } finally {
        this.#depth = depth
        if (depth === 0) this.#commitSoon()
      }
    } catch (error) {
      throw isSqliteError(error) ? toStorageError(error, this.path) : error
    }
  }

  #begin(): void {
    if (this.#open) return
    try {
      this.#connection.exec('BEGIN IMMEDIATE')
      this.#open = true
    } catch (error) {
      throw toStorageError(error, this.path)
    }
  }

  #commitSoon(): void {
    const group = this.#group
    if (group === null || this.#timer !== undefined) return
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      try {
        this.commit()
      } catch (error) {
        group.failed(toStorageError(error, this.path))
      }
    }, group.delayMs)
  }

  #abandon(): void {
    if (!this.#open) return
    this.#open = false
    this.#try('ROLLBACK')
  }

  #try(sql: string): void {
    try {
      this.#connection.exec(sql)
    } catch {
      // SQLite has rolled back by itself already (disk full, I/O error); the first error is the one to report.
    }
  }

  #migrate(migrations: readonly Migration[]): void {
    const row = this.#connection.prepare('PRAGMA user_version').get() as { user_version: number }
    for (const { version, sql } of migrations) {
      if (version <= row.user_version) continue
      this.transaction(() => {
        this.#connection.exec(sql)
        this.#connection.exec(`PRAGMA user_version=${version}`)
      })
      this.commit()
    }
  }
}

function isSqliteError(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error
}
