import type { Migration } from '../../storage/database/migrate.ts'

/**
 * Files of messages; each lies in the directory `media` beside the database, under its id and its extension. `inbox`: the row that it came
 * with, and `position` its place among the row's files; `outbox`: the `message_id` of the reply that it goes out with. `state`: `due`
 * (not fetched yet) · `stored` · `failed` (`problem_code`, `problem` say why) · `expired` (deleted again). `source` is how the transport
 * finds and opens it, a secret, kept while it is needed. `name`, `declared_type` and `declared_size` are its sender's words; `type`, `size` and
 * `sha256` (hexadecimal) are of the file itself. Times are milliseconds since 1970.
 */
export const MEDIA_MIGRATIONS: readonly Migration[] = [
  {
    version: 24,
    sql: `
      CREATE TABLE media (
        sequence INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        inbox INTEGER,
        position INTEGER NOT NULL DEFAULT 0,
        outbox TEXT,
        state TEXT NOT NULL,
        source TEXT,
        name TEXT,
        declared_type TEXT,
        declared_size INTEGER,
        type TEXT,
        extension TEXT,
        size INTEGER,
        sha256 TEXT,
        problem_code TEXT,
        problem TEXT,
        created_at INTEGER NOT NULL,
        settled_at INTEGER,
        UNIQUE (inbox, position)
      );
      CREATE INDEX media_outbox ON media (outbox) WHERE outbox IS NOT NULL;
      CREATE INDEX media_stored ON media (sequence, size) WHERE state = 'stored';
    `,
  },
]
