import { rmSync, statSync } from 'node:fs'
import type { DatabaseSyncInstance, StatementSyncInstance } from '@photostructure/sqlite'
import { abandonConnection, closeConnection } from './close-connection.ts'
import type { Migration } from './migrate.ts'
import { openConnection } from './open-connection.ts'
import { leftoversOf } from './copies/set-aside.ts'
import { FreeSpace } from './free-space.ts'
import { diskReason, StorageError, toStorageError } from '../storage-error.ts'

/** Group commit: several transactions share one commit, and so one wait for the disk. */
export interface GroupCommit {
  /** The longest that a write may stay uncommitted, milliseconds. */
  delayMs: number
  /** Called before each commit and each other write to the file; throws when another process may own the file by now, and nothing is written then. */
  fence?: (() => void) | undefined
  /**
   * Called before each commit, behind the fence: stores elsewhere what must not be missing when this commit is on disk, and may write into
   * it. Where it throws, nothing is committed.
   */
  before?: (() => void) | undefined
  /** Called after each commit with how long it took, in milliseconds, its wait for the disk included. Must not throw. */
  committed?: ((milliseconds: number) => void) | undefined
  /**
   * The disk refused a read, a write or a commit: everything since the last commit is lost, and memory holds more than
   * the disk. Called once; nothing is written after it, and `commit` throws.
   */
  failed(error: StorageError): void
}

/** A caller that outlived its account tried to read or write. The disk is not at fault. */
export class DatabaseClosed extends Error {
  constructor(path: string) {
    super(`${path} is closed`)
    this.name = 'DatabaseClosed'
  }
}

export type Statement = Pick<StatementSyncInstance, 'get' | 'all' | 'run'>

/**
 * One SQLite file with a single writer: this process. Synchronous, so that a listener which returns has written.
 * Without group commit every outermost `transaction` is on disk when it returns (`synchronous=FULL`); with it, when
 * `commit` returns. Inner transactions are savepoints. All methods throw `StorageError`, and `DatabaseClosed` once it
 * is closed.
 */
export class Database {
  readonly path: string
  readonly #connection: DatabaseSyncInstance
  readonly #inode: number
  readonly #statements = new Map<string, Statement>()
  readonly #group: GroupCommit | null
  #depth = 0
  #writes = 0
  #rollbacks = 0
  /** A transaction of the group is open and holds writes that are not committed yet. */
  #open = false
  #timer: NodeJS.Timeout | undefined
  #failure: StorageError | null = null
  #closed = false
  /** Once it was needed. */
  #freeSpace: FreeSpace | null = null

  private constructor(path: string, connection: DatabaseSyncInstance, group: GroupCommit | null) {
    this.path = path
    this.#connection = connection
    this.#inode = statSync(path).ino
    this.#group = group
  }

  /**
   * Opens or creates the file and brings its schema up to date; before a migration the old file is copied. A damaged,
   * torn or newer file is refused and left as it is. The caller has set the directory's mode. Throws `StorageError`.
   */
  static open(path: string, migrations: readonly Migration[], group: GroupCommit | null = null): Database {
    try {
      return new Database(path, openConnection(path, migrations), group)
    } catch (error) {
      throw toStorageError(error, path)
    }
  }

  /** `false` after `close()`; with group commit also from `failed` on. */
  get isUsable(): boolean {
    return !this.#closed && this.#failure === null
  }

  /** Grows at the end of each transaction, also of those that write nothing: while it stays, the rows are the same. */
  get writes(): number {
    return this.#writes
  }

  /** Grows where what was read before may not be true any more, though nobody wrote it: with each rollback, with a failure, and at the close. */
  get rollbacks(): number {
    return this.#rollbacks
  }

  /** The statement for `sql`, prepared once. Write inside `transaction` only. It throws `DatabaseClosed` after `close()`. */
  prepare(sql: string): Statement {
    if (this.#closed) throw new DatabaseClosed(this.path)
    let statement = this.#statements.get(sql)
    if (statement === undefined) {
      const inner = this.#guard(() => this.#connection.prepare(sql))
      statement = {
        get: (...values) => this.#guard(() => inner.get(...values)),
        all: (...values) => this.#guard(() => inner.all(...values)),
        run: (...values) => this.#guard(() => inner.run(...values)),
      }
      this.#statements.set(sql, statement)
    }
    return statement
  }

  /** Runs `work` atomically. `work` must be synchronous. */
  transaction<T>(work: () => T): T {
    if (this.#closed) throw new DatabaseClosed(this.path)
    if (this.#depth > 0 || this.#group !== null) return this.#within(work)
    try {
      const result = this.#within(work)
      this.commit()
      return result
    } catch (error) {
      this.#abandon()
      throw error
    }
  }

  /** Everything written so far is on disk when this returns. Inside a transaction, which is not complete yet, it does nothing. */
  commit(): void {
    if (this.#failure !== null) throw this.#failure
    if (!this.#open || this.#depth > 0) return
    clearTimeout(this.#timer)
    this.#timer = undefined
    try {
      this.#group?.fence?.()
      this.#group?.before?.()
      this.verifyInPlace()
      const began = performance.now()
      this.#connection.exec('COMMIT')
      this.#open = false
      this.#group?.committed?.(performance.now() - began)
    } catch (error) {
      this.#abandon()
      throw this.#fail(error)
    }
  }

  /** Throws `storage_missing` when the file has been removed or replaced: a write would reach a file without a name. */
  verifyInPlace(): void {
    if (this.#closed) return
    const found = statSync(this.path, { throwIfNoEntry: false })
    if (found?.ino === this.#inode) return
    throw this.#fail(
      new StorageError(
        'storage_missing',
        found === undefined ? `${this.path} is gone` : `${this.path} is another file now`,
      ),
    )
  }

  /**
   * Moves the write-ahead log into the file, empties it and deletes old copies: erased rows are nowhere on disk then. `false` where
   * another program reads the file just now, so that the log could not be emptied.
   */
  truncateLog(): boolean {
    this.commit()
    this.#verifyOwned()
    try {
      const isEmpty = this.#emptyLog()
      for (const leftover of leftoversOf(this.path)) rmSync(leftover, { force: true })
      return isEmpty
    } catch (error) {
      throw toStorageError(error, this.path)
    }
  }

  /**
   * Writes the file anew from its rows alone: a page keeps bytes of rows that once were moved within it, also with `secure_delete`. Takes
   * as long as a copy of the file, during which nothing else runs, and as much room. Answers as `truncateLog`.
   */
  rewrite(): boolean {
    this.commit()
    this.#verifyOwned()
    try {
      this.#connection.exec('VACUUM')
    } catch (error) {
      throw toStorageError(error, this.path)
    }
    return this.truncateLog()
  }

  /**
   * As `rewrite`, in place and in slices of about `sliceMs`, with others let in between (`nextSlice`), and without room on the disk: what
   * holds no data in the file is overwritten. Twice, because SQLite may move old bytes from a page that is still to come to one that was
   * looked at. Resolves with `false` where another program reads the file; all of it is to be done again then.
   */
  async overwriteFreeSpace(sliceMs: number, nextSlice: () => Promise<unknown>): Promise<boolean> {
    for (let pass = 0; pass < 2; pass += 1) {
      let isFirst = true
      for (let isDone = false; !isDone; isFirst = false) {
        if (this.#closed) throw new DatabaseClosed(this.path)
        if (!this.truncateLog()) return false
        try {
          // What SQLite remembers of a page would bring its old bytes back.
          this.#connection.exec('PRAGMA shrink_memory')
          this.#freeSpace ??= new FreeSpace(this.path)
          if (isFirst) this.#freeSpace.begin()
          // Emptying a long log may have taken seconds.
          this.#verifyOwned()
          isDone = this.#freeSpace.step(sliceMs)
          // Each time a little: nobody else's commit waits for all of it.
          await this.#freeSpace.sync()
        } catch (error) {
          // A file of a kind that is not read here: SQLite itself writes it anew.
          if (this.#closed) throw new DatabaseClosed(this.path)
          if (error instanceof RangeError) return this.rewrite()
          throw toStorageError(error, this.path)
        }
        await nextSlice()
      }
    }
    return this.truncateLog()
  }

  /**
   * Commits what it can and leaves one file without a log, where deleted rows would stay readable; behind a fence that fails it writes nothing.
   * Idempotent.
   */
  close(): void {
    if (this.#closed) return
    try {
      this.commit()
    } catch {
      // The pending callers have the error; there is nothing left to save.
    }
    this.#closed = true
    this.#rollbacks += 1
    clearTimeout(this.#timer)
    this.#statements.clear()
    if (this.#isOwned()) closeConnection(this.#connection, this.path)
    else abandonConnection(this.#connection, this.path)
    this.#freeSpace?.close()
  }

  #isOwned(): boolean {
    try {
      this.#group?.fence?.()
      return true
    } catch {
      return false
    }
  }

  /** At once: SQLite would wait for a program that reads the file, and nothing else would run meanwhile. */
  #emptyLog(): boolean {
    // The pragma's column.
    const { timeout } = this.#connection.prepare('PRAGMA busy_timeout').get() as { timeout: number }
    this.#connection.exec('PRAGMA busy_timeout=0')
    try {
      // The pragma's columns.
      const { busy } = this.#connection.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get() as { busy: number }
      return busy === 0
    } finally {
      this.#connection.exec(`PRAGMA busy_timeout=${timeout}`)
    }
  }

  /** For what writes to the file without a commit. Throws where another process may own it by now, and as `verifyInPlace`. */
  #verifyOwned(): void {
    if (this.#closed) return
    try {
      this.#group?.fence?.()
    } catch (error) {
      throw this.#fail(error)
    }
    this.verifyInPlace()
  }

  #within<T>(work: () => T): T {
    const depth = this.#depth
    try {
      // With nothing before it in the transaction, all of that is rolled back where it fails: it needs no savepoint.
      const isFirst = depth === 0 && this.#begin()
      if (!isFirst) this.#connection.exec(`SAVEPOINT s${depth}`)
      this.#depth = depth + 1
      try {
        const result = work()
        // A failure that `work` has caught, or a close in the middle, took everything away.
        if (!this.#open || this.#closed) throw this.#failure ?? new DatabaseClosed(this.path)
        if (!isFirst) this.#connection.exec(`RELEASE s${depth}`)
        return result
      } catch (error) {
        this.#rollbacks += 1
        if (isFirst) this.#abandon()
        else this.#try(`ROLLBACK TO s${depth}; RELEASE s${depth}`)
        throw error
      } finally {
        this.#depth = depth
        // At its end: what was read inside of it is out of date behind it.
        if (depth === 0) this.#writes += 1
        if (depth === 0) this.#commitSoon()
      }
    } catch (error) {
      if (diskReason(error) !== undefined) throw this.#fail(error)
      throw isSqliteError(error) ? toStorageError(error, this.path) : error
    }
  }

  /** Whether it began one: none was open. */
  #begin(): boolean {
    if (this.#failure !== null) throw this.#failure
    if (this.#open) return false
    try {
      this.#connection.exec('BEGIN IMMEDIATE')
      this.#open = true
      return true
    } catch (error) {
      throw this.#fail(error)
    }
  }

  #commitSoon(): void {
    const group = this.#group
    if (group === null || this.#timer !== undefined || this.#failure !== null) return
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      try {
        this.commit()
      } catch {
        // `failed` has been called.
      }
    }, group.delayMs)
  }

  #guard<T>(work: () => T): T {
    if (this.#closed) throw new DatabaseClosed(this.path)
    // Its transaction is rolled back: a write would be committed without the writes before it.
    if (this.#failure !== null) throw this.#failure
    try {
      return work()
    } catch (error) {
      throw diskReason(error) === undefined ? error : this.#fail(error)
    }
  }

  /** SQLite rolls the whole group back at most errors of the disk: nothing may build on the group after one. */
  #fail(error: unknown): StorageError {
    const failure = toStorageError(error, this.path)
    if (this.#group === null || this.#failure !== null || this.#closed) return failure
    this.#failure = failure
    this.#rollbacks += 1
    clearTimeout(this.#timer)
    this.#abandon()
    this.#group.failed(failure)
    return failure
  }

  #abandon(): void {
    if (!this.#open) return
    this.#open = false
    this.#rollbacks += 1
    this.#try('ROLLBACK')
  }

  #try(sql: string): void {
    try {
      this.#connection.exec(sql)
    } catch {
      // SQLite has already rolled back (disk full, I/O error); the first error is the one to report.
    }
  }
}

function isSqliteError(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error
}
