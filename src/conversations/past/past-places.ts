import type { Database } from '../../storage/database/database.ts'

/** Sequences of one second. What is more than that has some of the seconds before it. */
const PLACES_A_SECOND = 16
/** Tried for one message; behind that it is left out. */
const MOST_TRIED = 1_000
/** The longest time that the config lets messages be kept (`retention.days`), in seconds. */
const MOST_SECONDS = 3_650 * 86_400
const SPAN = MOST_SECONDS * PLACES_A_SECOND + MOST_TRIED

/**
 * Sequences for messages that were written before the account was linked: behind everything that the inbox has by then, before everything
 * that comes, and in the order of their time, in whatever order they are handed over. Every method runs inside of the caller's transaction.
 * Throws `StorageError`.
 */
export class PastPlaces {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** The account is linked at this time (milliseconds since 1970): what comes from now on has higher sequences. */
  reserve(linkedAt: number): void {
    const row = this.#database.prepare(`SELECT seq FROM sqlite_sequence WHERE name = 'inbox'`).get()
    // The column asked for; no row while the inbox never had one.
    const highest = (row as { seq: number } | undefined)?.seq ?? 0
    const last = highest + SPAN
    if (row === undefined)
      this.#database.prepare(`INSERT INTO sqlite_sequence (name, seq) VALUES ('inbox', ?)`).run(last)
    else this.#database.prepare(`UPDATE sqlite_sequence SET seq = ? WHERE name = 'inbox'`).run(last)
    this.#database
      .prepare('INSERT OR REPLACE INTO past_places (id, last, linked_at) VALUES (1, ?, ?)')
      .run(last, linkedAt)
  }

  /** Nothing of before the link is taken in. */
  close(): void {
    this.#database.prepare('DELETE FROM past_places').run()
  }

  get areReserved(): boolean {
    return this.#database.prepare('SELECT 1 FROM past_places').get() !== undefined
  }

  /** For a message of this time (milliseconds since 1970); `null` where none is reserved, or none is free. */
  placeOf(at: number): number | null {
    const row = this.#database.prepare('SELECT last, linked_at FROM past_places').get()
    if (row === undefined) return null
    // The columns asked for.
    const { last, linked_at: linkedAt } = row as { last: number; linked_at: number }
    const seconds = Math.max(0, Math.ceil((linkedAt - at) / 1_000))
    if (seconds > MOST_SECONDS) return null
    const first = last - seconds * PLACES_A_SECOND
    const isTaken = this.#database.prepare('SELECT 1 FROM inbox WHERE sequence = ?')
    for (let place = first; place > first - MOST_TRIED; place -= 1)
      if (isTaken.get(place) === undefined) return place
    return null
  }
}
