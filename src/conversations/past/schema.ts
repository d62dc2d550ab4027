import type { Migration } from '../../storage/database/migrate.ts'

/**
 * Where messages from before the link have their place in the inbox: `last` is the sequence of one that was written when the account was
 * linked (`linked_at`, milliseconds since 1970); earlier ones have lower sequences, and none of these is given to anything else
 * (`PastPlaces`). One row; none while nothing of before the link is taken in.
 */
export const PAST_MIGRATIONS: readonly Migration[] = [
  {
    version: 37,
    sql: `
      CREATE TABLE past_places (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        last INTEGER NOT NULL,
        linked_at INTEGER NOT NULL
      );
    `,
  },
]
