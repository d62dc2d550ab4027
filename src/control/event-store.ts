import { existsSync } from 'node:fs'
import { Database } from '../storage/database.ts'
import type { Migration } from '../storage/migrate.ts'
import { refuseLooseFile } from '../storage/private-directory.ts'
import type { EventName } from '../protocol/events.ts'

const MAX_STORED_EVENTS = 10_000
const PRUNE_EVERY_EVENTS = 500

const MIGRATIONS: readonly Migration[] = [
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
]

export interface StoredEvent {
  id: number
  name: EventName
  /** ISO 8601 UTC. */
  at: string
  /** JSON of the payload. */
  payload: string
}

/** The log behind `session.subscribe {since}`. Ids ascend, also across restarts. Methods throw when the disk refuses. */
export interface EventStore {
  /** 0 while the log is empty. */
  readonly lastId: number
  /** All or nothing. */
  append(events: readonly StoredEvent[]): void
  /** At most `limit` events with `since < id`, the newest of them, in ascending order. */
  after(since: number, limit: number): StoredEvent[]
  /** How many events there are after `since`, and the lowest id that the log still holds (0 while it is empty). */
  extent(since: number): { count: number; firstId: number }
  /** The newest `limit` events of this name, newest first. */
  latest(name: EventName, limit: number): StoredEvent[]
}

/**
 * The log in `daemon.db` (0600), at most 10,000 events. A killed process loses nothing of it; a power failure may take
 * the last moments, which is why it does not wait for the disk: what the events tell of is durable in `account.db`.
 */
export class SqliteEventStore implements EventStore {
  readonly #path: string
  #database: Database | null = null
  #sincePrune = 0

  constructor(path: string) {
    this.#path = path
  }

  /** Opens or creates the file; its directory must exist. Throws `StorageError`. */
  start(): void {
    if (existsSync(this.#path)) refuseLooseFile(this.#path)
    this.#database = Database.open(this.#path, MIGRATIONS)
    this.#database.prepare('PRAGMA synchronous=NORMAL').get()
    this.#prune()
  }

  /** Idempotent. */
  stop(): void {
    this.#database?.close()
    this.#database = null
  }

  get lastId(): number {
    const row = this.#open().prepare('SELECT coalesce(max(id), 0) AS id FROM events').get() as { id: number }
    return row.id
  }

  append(events: readonly StoredEvent[]): void {
    const database = this.#open()
    database.transaction(() => {
      const insert = database.prepare('INSERT INTO events (id, name, at, payload) VALUES (?, ?, ?, ?)')
      for (const event of events) insert.run(event.id, event.name, event.at, event.payload)
    })
    this.#sincePrune += events.length
    if (this.#sincePrune >= PRUNE_EVERY_EVENTS) this.#prune()
  }

  after(since: number, limit: number): StoredEvent[] {
    const rows = this.#open()
      .prepare('SELECT id, name, at, payload FROM events WHERE id > ? ORDER BY id DESC LIMIT ?')
      .all(since, limit)
    return (rows as StoredEvent[]).toReversed()
  }

  extent(since: number): { count: number; firstId: number } {
    const row = this.#open()
      .prepare(
        'SELECT (SELECT count(*) FROM events WHERE id > ?) AS count, (SELECT coalesce(min(id), 0) FROM events) AS firstId',
      )
      .get(since)
    return row as { count: number; firstId: number }
  }

  latest(name: EventName, limit: number): StoredEvent[] {
    const rows = this.#open()
      .prepare('SELECT id, name, at, payload FROM events WHERE name = ? ORDER BY id DESC LIMIT ?')
      .all(name, limit)
    return rows as StoredEvent[]
  }

  #prune(): void {
    this.#sincePrune = 0
    this.#open()
      .prepare('DELETE FROM events WHERE id <= (SELECT max(id) FROM events) - ?')
      .run(MAX_STORED_EVENTS)
  }

  #open(): Database {
    if (this.#database === null) throw new Error('the event store is not open')
    return this.#database
  }
}
