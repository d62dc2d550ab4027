import type { Database } from '../../storage/database/database.ts'

/** Answers that are counted at most: the newest turns, so that it takes about a millisecond whatever the tables hold. */
export const MOST_COUNTED = 5_000
/** Rows among which the newest message of a person is looked for; the others are the owner's own words. */
const NEWEST_ROWS = 500

/** Signs of life of an account. Times are milliseconds since 1970. */
export interface Activity {
  /** When an allowed person last wrote, as far as the newest messages tell. */
  lastMessageAt: number | null
  lastAnswerAt: number | null
  /** Answers since the asked time, `MOST_COUNTED` at most. */
  answered: number
  /** Messages of allowed people that have no answer yet. */
  waiting: number
  /** Replies that are not out yet. */
  queued: number
}

/** Read anew at every call, from indexes and the newest rows alone. Throws `StorageError`. */
export function readActivity(database: Database, since: number): Activity {
  const row = database
    .prepare(
      `SELECT
        (SELECT MAX(received_at) FROM (SELECT author, received_at FROM inbox ORDER BY sequence DESC LIMIT ?2)
          WHERE author = 'person') AS lastMessageAt,
        MAX(finished_at) AS lastAnswerAt,
        COUNT(*) FILTER (WHERE finished_at >= ?1) AS answered,
        (SELECT COUNT(*) FROM inbox WHERE state = 'pending')
          + (SELECT COUNT(*) FROM inbox WHERE state = 'turn' AND turn IN (SELECT id FROM turns WHERE state = 'open'))
          AS waiting,
        (SELECT COUNT(*) FROM outbox WHERE state = 'queued') AS queued
      FROM (SELECT state, finished_at FROM turns ORDER BY sequence DESC LIMIT ?3)
      WHERE state = 'answered'`,
    )
    .get(since, NEWEST_ROWS, MOST_COUNTED)
  return row as Activity // the columns asked for
}
