import type { Database } from '../../../storage/database/database.ts'

/** People whose window is kept; those whose window is closed go first, then those who wrote longest ago. */
const MAX_ROWS = 20_000
/** How many more there may be until they are counted. */
const SLACK = 200

/** A person's window. Times are milliseconds since 1970. */
export interface WindowRow {
  address: string
  last_at: number
  closed_at: number | null
  free_until: number | null
}

/** When people last wrote. Methods that write run inside of the caller's transaction; all throw `StorageError`. */
export class WindowStore {
  readonly #database: Database
  #sinceCount = SLACK

  constructor(database: Database) {
    this.#database = database
  }

  find(address: string): WindowRow | undefined {
    // The columns of the table.
    return this.#database
      .prepare('SELECT address, last_at, closed_at, free_until FROM business_windows WHERE address = ?')
      .get(address) as WindowRow | undefined
  }

  /** Answers with the addresses whose rows went, because there were too many. */
  set({ address, last_at: lastAt, closed_at: closedAt, free_until: freeUntil }: WindowRow): string[] {
    this.#database
      .prepare(
        `INSERT INTO business_windows (address, last_at, closed_at, free_until) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT DO UPDATE SET last_at = ?2, closed_at = ?3, free_until = ?4`,
      )
      .run(address, lastAt, closedAt, freeUntil)
    return this.#bound()
  }

  setClosed(address: string, at: number): void {
    this.#database
      .prepare('UPDATE business_windows SET closed_at = ? WHERE address = ? AND closed_at IS NULL')
      .run(at, address)
  }

  /** The open ones, that of the person first who wrote longest ago. */
  open(limit: number): WindowRow[] {
    return this.#database
      .prepare(
        `SELECT address, last_at, closed_at, free_until FROM business_windows INDEXED BY business_windows_open
         WHERE closed_at IS NULL ORDER BY last_at LIMIT ?`,
      )
      .all(limit)
  }

  delete(address: string): void {
    this.#database.prepare('DELETE FROM business_windows WHERE address = ?').run(address)
  }

  #bound(): string[] {
    this.#sinceCount += 1
    if (this.#sinceCount < SLACK) return []
    this.#sinceCount = 0
    const rows = this.#database
      .prepare(
        `DELETE FROM business_windows WHERE address IN
           (SELECT address FROM business_windows ORDER BY closed_at IS NULL DESC, last_at DESC LIMIT -1 OFFSET ?)
         RETURNING address`,
      )
      .all(MAX_ROWS)
    // The column asked for.
    return (rows as { address: string }[]).map(({ address }) => address)
  }
}
