import { DatabaseSync, type DatabaseSyncInstance, type StatementSyncInstance } from '@photostructure/sqlite'
import { toStorageError } from './storage-error.ts'

/** One step of a schema: numbered from 1 without gaps, never changed once released. */
export interface Migration {
  version: number
  sql: string
}

/**
 * One SQLite file with a single writer: this process. Synchronous, so that a listener which returns has stored.
 * Every `transaction` is durable on disk when it returns (`synchronous=FULL`); inner ones are savepoints of the outer.
 * All methods throw `StorageError`.
 */
export class Database {
  readonly path: string
  readonly #connection: DatabaseSyncInstance
  readonly #statements = new Map<string, StatementSyncInstance>()
  #depth = 0
  #closed = false

  private constructor(path: string, connection: DatabaseSyncInstance) {
    this.path = path
    this.#connection = connection
  }

  /** Opens or creates the file and brings its schema up to date. The caller has set the directory's mode. */
  static open(path: string, migrations: readonly Migration[]): Database {
    try {
      const database = new Database(path, new DatabaseSync(path))
      database.#connection.exec(
        'PRAGMA busy_timeout=2000; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA secure_delete=ON; PRAGMA cache_size=-1024',
      )
      database.#migrate(migrations)
      return database
    } catch (error) {
      throw toStorageError(error, path)
    }
  }

  /** The statement for `sql`, prepared once. Use it at once; do not keep it past `close()`. */
  prepare(sql: string): StatementSyncInstance {
    let statement = this.#statements.get(sql)
    if (statement === undefined) {
      statement = this.#connection.prepare(sql)
      this.#statements.set(sql, statement)
    }
    return statement
  }

  /** Runs `work` atomically; when the outermost call returns, its writes are on disk. `work` must be synchronous. */
  transaction<T>(work: () => T): T {
    const depth = this.#depth
    const [begin, commit, rollback] =
      depth === 0
        ? ['BEGIN IMMEDIATE', 'COMMIT', 'ROLLBACK']
        : [`SAVEPOINT s${depth}`, `RELEASE s${depth}`, `ROLLBACK TO s${depth}; RELEASE s${depth}`]
    try {
      this.#connection.exec(begin)
      this.#depth = depth + 1
      try {
        const result = work()
        this.#connection.exec(commit)
        return result
      } catch (error) {
        this.#rollback(rollback)
        throw error
      } finally {
        this.#depth = depth
      }
    } catch (error) {
      if (isSqliteError(error)) throw toStorageError(error, this.path)
      throw error
    }
  }

  /** Moves the write-ahead log into the file and empties it, so that erased rows are nowhere on disk. */
  truncateLog(): void {
    try {
      this.#connection.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    } catch (error) {
      throw toStorageError(error, this.path)
    }
  }

  /** Idempotent. */
  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#statements.clear()
    this.#connection.close()
  }

  #rollback(sql: string): void {
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
    }
  }
}

function isSqliteError(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error
}
