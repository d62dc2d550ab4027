import { join } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'

/** Messages without a turn, turns without an end and replies that did not leave, of the only account in `stateDirectory`. */
export function unfinished(stateDirectory: string): number {
  const database = new DatabaseSync(join(stateDirectory, 'accounts', 'default', 'account.db'), {
    readOnly: true,
  })
  try {
    const { left } = database
      .prepare(
        `SELECT (SELECT count(*) FROM inbox WHERE state = 'pending')
              + (SELECT count(*) FROM turns WHERE state = 'open')
              + (SELECT count(*) FROM outbox WHERE state = 'queued') AS left`,
      )
      .get() as { left: number } // the column of the query
    return left
  } finally {
    database.close()
  }
}
