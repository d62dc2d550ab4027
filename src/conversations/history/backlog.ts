import type { Backlog } from '../../observability/metrics/metric-facts.ts'
import type { Database } from '../../storage/database/database.ts'

/** What waits in an account's file, by indexes alone: a scrape reads it often. Throws `StorageError`. */
export function readBacklog(database: Database): Backlog {
  const row = database
    .prepare(
      `SELECT
        (SELECT COUNT(*) FROM outbox INDEXED BY outbox_queued WHERE state = 'queued') AS queued,
        (SELECT queued_at FROM outbox INDEXED BY outbox_queued WHERE state = 'queued' ORDER BY sequence LIMIT 1)
          AS oldestQueuedAt,
        (SELECT COUNT(*) FROM outbox INDEXED BY outbox_unsent WHERE state IN ('queued', 'failed') AND state = 'failed')
          AS failed,
        (SELECT COUNT(*) FROM held) AS held,
        (SELECT COUNT(*) FROM turns INDEXED BY turns_open WHERE state = 'open') AS openTurns`,
    )
    .get()
  return row as Backlog // the columns asked for
}
