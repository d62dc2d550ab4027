import { existsSync, rmSync } from 'node:fs'
import type { Logger } from 'pino'
import { Database } from '../../storage/database/database.ts'
import { type Migration, withSchemaDigest } from '../../storage/database/migrate.ts'
import { tightenDatabase } from '../../storage/files/private-directory.ts'
import { setAside } from '../../storage/database/copies/set-aside.ts'
import { StorageError, type StorageReason } from '../../storage/storage-error.ts'
import type { StoredEvent } from './stored-event.ts'
import { WEBHOOK_MIGRATION } from '../webhooks/webhook-schema.ts'
import { COLUMNS, type ReadEvent, shortenEvents } from './shorten-events.ts'
import { writePrivateFile } from '../../storage/files/write-private-file.ts'
import type { EventName } from '../../protocol/events.ts'

const MAX_STORED_EVENTS = 10_000
const PRUNE_EVERY_EVENTS = 500
/** More numbers than any client can have seen of events that were never stored. */
const NUMBERS_SKIPPED = 1_000_000

/** Where only a new file helps. An account's own file is never replaced like this. */
const BEYOND_USE: readonly StorageReason[] = [
  'storage_unreadable',
  'storage_missing',
  'storage_newer',
  'storage_permissions',
]

/** What is kept beside the log in its file. */
export interface EventFollower {
  /** Inside of the transaction that stores these events. */
  appended(database: Database, events: readonly StoredEvent[]): void
  /** Inside of a transaction: events are not in the log any more, and nothing may name them. */
  erased(database: Database): void
}

const STEPS: readonly Migration[] = [
  {
    version: 1,
    sql: `
      CREATE TABLE events (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL,
        at TEXT NOT NULL,
        payload TEXT NOT NULL
      );
      CREATE INDEX events_by_name ON events (name, id);
    `,
  },
  WEBHOOK_MIGRATION,
]

/** The schema of `daemon.db`: every step, in order. The digest is the one after the last step. */
export const EVENT_MIGRATIONS = withSchemaDigest(
  STEPS,
  'cfeae36c963ad2e4d422296ab9083d939f1553e152614a95597007641f6ebe1b',
)

/** The log behind `session.subscribe {since}`. Ids ascend, also across restarts. Methods throw when the disk refuses. */
export interface EventStore {
  /** The number to continue from; never below one that was given out before. */
  readonly lastId: number
  /** All or nothing; what is there already is replaced. */
  append(events: readonly StoredEvent[]): void
  /** Records on disk that delivered events are missing from the log. Never throws. */
  noteLoss(): void
  /** Whether this very event is in the log. */
  has(event: StoredEvent): boolean
  /** At most `limit` events with `since < id`, the newest of them, in ascending order. */
  after(since: number, limit: number): StoredEvent[]
  /** How many events there are after `since`. */
  countAfter(since: number): number
  /** The newest `limit` events of this name, newest first. */
  latest(name: EventName, limit: number): StoredEvent[]
  /** No byte of the account's events that name one of these is in the log when this returns; the newest event always stays. */
  erase(account: string, names: readonly string[]): void
}

/**
 * The log in `daemon.db` (0600), at most 10,000 events, and those that webhooks still wait for. A killed process loses nothing of it; a power failure may take
 * the last moments, which is why it does not wait for the disk: what the events tell of is durable in `account.db`.
 * A file that cannot be used is set aside for a new one: no state depends on it.
 */
export class SqliteEventStore implements EventStore {
  readonly #path: string
  readonly #logger: Logger
  readonly #now: () => number
  readonly #follower: () => EventFollower | null
  #database: Database | null = null
  #started = false
  #lastId = 0
  #isLossNoted = false
  #sincePrune = 0

  /** `now` in milliseconds since the epoch. */
  constructor(
    path: string,
    { logger, now, follower }: { logger: Logger; now: () => number; follower?: () => EventFollower },
  ) {
    this.#path = path
    this.#follower = follower ?? (() => null)
    this.#logger = logger
    this.#now = now
  }

  /**
   * Opens or creates the file; its directory must exist. Never throws: without a disk the log is opened at the first
   * `append` that finds one.
   */
  start(): void {
    this.#started = true
    this.#isLossNoted = existsSync(this.#lossNote)
    try {
      const stored = storedLastId(this.#openOrReplace()) + (this.#isLossNoted ? NUMBERS_SKIPPED : 0)
      // A file that replaced a damaged one has no numbers yet; they continue from those that were given out.
      this.#lastId = Math.max(this.#lastId, stored)
      this.#prune()
    } catch (error) {
      // What is stored cannot be read now; no event may get a number of these.
      this.#lastId = this.#newNumbers()
      this.#logger.warn({ err: error }, 'the event log cannot be opened yet')
    }
  }

  /** Idempotent. */
  stop(): void {
    this.#started = false
    this.#close()
  }

  get lastId(): number {
    return this.#lastId
  }

  append(events: readonly StoredEvent[]): void {
    try {
      this.#insert(events)
    } catch (error) {
      if (!isBeyondUse(error)) throw error
      this.#close()
      this.#insert(events)
    }
    this.#sincePrune += events.length
    if (this.#sincePrune >= PRUNE_EVERY_EVENTS) this.#prune()
    if (this.#isLossNoted) this.#forgetLoss()
  }

  noteLoss(): void {
    if (this.#isLossNoted) return
    try {
      // Most full disks still have room for an empty file.
      writePrivateFile(this.#lossNote, '', { isDurable: false })
      this.#isLossNoted = true
    } catch {
      // The missing numbers say the same while this process runs.
    }
  }

  has({ id, name, at, payload }: StoredEvent): boolean {
    return (
      this.#openOrReplace()
        .prepare('SELECT 1 FROM events WHERE id = ? AND name = ? AND at = ? AND payload = ?')
        .get(id, name, at, payload) !== undefined
    )
  }

  after(since: number, limit: number): StoredEvent[] {
    const rows = this.#openOrReplace()
      .prepare(`SELECT ${COLUMNS} FROM events WHERE id > ? ORDER BY id DESC LIMIT ?`)
      .all(since, limit)
    return this.#shortened(rows as ReadEvent[]).toReversed()
  }

  countAfter(since: number): number {
    const row = this.#openOrReplace().prepare('SELECT count(*) AS count FROM events WHERE id > ?').get(since)
    // The column asked for.
    return (row as { count: number }).count
  }

  latest(name: EventName, limit: number): StoredEvent[] {
    const rows = this.#openOrReplace()
      .prepare(`SELECT ${COLUMNS} FROM events WHERE name = ? ORDER BY id DESC LIMIT ?`)
      .all(name, limit)
    return this.#shortened(rows as ReadEvent[])
  }

  /** What is kept beside the log. Throws what the disk says. */
  use<Result>(work: (database: Database) => Result): Result {
    return work(this.#openOrReplace())
  }

  erase(account: string, names: readonly string[]): void {
    const database = this.#openOrReplace()
    database.transaction(() => {
      database
        .prepare(
          // Its number is never given to another event.
          `DELETE FROM events WHERE id < (SELECT max(id) FROM events) AND instr(payload, ?1) > 0
             AND EXISTS (SELECT 1 FROM json_each(?2) AS name WHERE instr(payload, name.value) > 0)`,
        )
        .run(
          `"account":${JSON.stringify(account)}`,
          JSON.stringify(names.map((name) => JSON.stringify(name))),
        )
      this.#follower()?.erased(database)
    })
    if (!database.rewrite()) throw new StorageError('storage_failed', `another program reads ${this.#path}`)
  }

  #shortened(rows: readonly ReadEvent[]): StoredEvent[] {
    return shortenEvents(this.#openOrReplace(), rows)
  }

  #insert(events: readonly StoredEvent[]): void {
    const database = this.#openOrReplace()
    database.transaction(() => {
      const insert = database.prepare(
        'INSERT OR REPLACE INTO events (id, name, at, payload) VALUES (?, ?, ?, ?)',
      )
      for (const event of events) insert.run(event.id, event.name, event.at, event.payload)
      this.#follower()?.appended(database, events)
    })
  }

  #prune(): void {
    this.#sincePrune = 0
    try {
      this.#openOrReplace()
        .prepare(
          `DELETE FROM events WHERE id <= (SELECT max(id) FROM events) - ?
             AND id NOT IN (SELECT event FROM webhook_deliveries)`,
        )
        .run(MAX_STORED_EVENTS)
    } catch (error) {
      this.#logger.warn({ err: error }, 'old events could not be deleted')
    }
  }

  #openOrReplace(): Database {
    if (this.#database !== null) return this.#database
    if (!this.#started) throw new Error('the event store has not been started')
    try {
      this.#database = this.#open()
    } catch (error) {
      if (!isBeyondUse(error)) throw error
      setAside(this.#path, 'damaged')
      this.#logger.warn({ err: error }, 'the event log cannot be used: it was set aside for a new one')
      this.#database = this.#open()
      // A client that resumes with a number of the old log must not find it in the new one.
      this.#lastId = Math.max(this.#lastId, this.#newNumbers())
    }
    return this.#database
  }

  #open(): Database {
    tightenDatabase(this.#path)
    const database = Database.open(this.#path, EVENT_MIGRATIONS)
    database.prepare('PRAGMA synchronous=NORMAL').get()
    return database
  }

  #close(): void {
    this.#database?.close()
    this.#database = null
  }

  #forgetLoss(): void {
    rmSync(this.#lossNote, { force: true })
    this.#isLossNoted = false
  }

  /** Higher than what any log counted up to, as long as there is less than one event a second. */
  #newNumbers(): number {
    return Math.floor(this.#now() / 1_000)
  }

  get #lossNote(): string {
    return `${this.#path}.gap`
  }
}

function storedLastId(database: Database): number {
  const row = database.prepare('SELECT coalesce(max(id), 0) AS id FROM events').get()
  // The column asked for.
  return (row as { id: number }).id
}

function isBeyondUse(error: unknown): boolean {
  return error instanceof StorageError && BEYOND_USE.includes(error.reason)
}
