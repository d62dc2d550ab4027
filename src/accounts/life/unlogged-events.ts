import type { Database } from '../../storage/database/database.ts'

/** An event as the log has it. */
export interface LoggedEvent {
  id: number
  name: string
  /** ISO 8601 UTC. */
  at: string
  /** JSON. */
  payload: string
}

/** The log of events, in a file of its own. */
export interface EventLog {
  /** Stores what was published so far; answers the events of this account that the disk does not take. Never throws. */
  persist(account: string): readonly LoggedEvent[]
  /** Events that an earlier process, or this one, kept elsewhere: those that are not in the log are published. Never throws. */
  recover(events: readonly LoggedEvent[]): void
}

/** `facts` has no other names like these. Sixteen digits, so that their order is that of the numbers. */
const PREFIX = 'event '
const DIGITS = 16

/**
 * Events that the log could not store, in the account's own file: they are committed together with the rows that they tell of, so that a
 * process which is killed meanwhile leaves none of them untold. As many as the log keeps in memory.
 */
export class UnloggedEvents {
  readonly #database: Database
  /** Numbers of those that are in the file. */
  #kept = new Set<number>()

  constructor(database: Database) {
    this.#database = database
  }

  /** What an earlier process left, in order; gone with the next commit. Throws `StorageError`. */
  take(): LoggedEvent[] {
    // The column asked for, as `keep` wrote it.
    const rows = this.#database
      .prepare(`SELECT value FROM facts WHERE name GLOB '${PREFIX}*' ORDER BY name`)
      .all() as { value: string }[]
    if (rows.length > 0)
      this.#database.transaction(() =>
        this.#database.prepare(`DELETE FROM facts WHERE name GLOB '${PREFIX}*'`).run(),
      )
    return rows.map(({ value }) => JSON.parse(value) as LoggedEvent)
  }

  /** Within an open transaction, which is about to be committed: these are in the file with it, and no others. Throws `StorageError`. */
  keep(events: readonly LoggedEvent[]): void {
    if (events.length === 0 && this.#kept.size === 0) return
    const numbers = new Set(events.map(({ id }) => id))
    for (const id of this.#kept)
      if (!numbers.has(id)) this.#database.prepare('DELETE FROM facts WHERE name = ?').run(nameOf(id))
    for (const { id, name, at, payload } of events)
      if (!this.#kept.has(id))
        this.#database
          .prepare('INSERT OR REPLACE INTO facts (name, value) VALUES (?, ?)')
          .run(nameOf(id), JSON.stringify({ id, name, at, payload }))
    this.#kept = numbers
  }
}

function nameOf(id: number): string {
  return `${PREFIX}${String(id).padStart(DIGITS, '0')}`
}
