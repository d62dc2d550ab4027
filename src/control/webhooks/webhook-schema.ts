import type { Migration } from '../../storage/database/migrate.ts'

/**
 * Deliveries that wait or were given up, and how each endpoint is. `event` is a row of `events`, which is kept as long as a delivery names
 * it; `lane`: deliveries of one lane go out one after the other; `due_at`: of the first of its lane, `NULL` for those behind it; `problem`:
 * of the last try. `state`: `queued` · `dead`. Times are milliseconds since 1970.
 */
export const WEBHOOK_MIGRATION: Migration = {
  version: 2,
  sql: `
    CREATE TABLE webhook_deliveries (
      sequence INTEGER PRIMARY KEY AUTOINCREMENT,
      endpoint TEXT NOT NULL,
      event INTEGER NOT NULL,
      message_id TEXT NOT NULL,
      lane TEXT NOT NULL,
      state TEXT NOT NULL DEFAULT 'queued',
      attempts INTEGER NOT NULL DEFAULT 0,
      queued_at INTEGER NOT NULL,
      due_at INTEGER,
      died_at INTEGER,
      problem TEXT,
      UNIQUE (event, endpoint)
    );
    CREATE INDEX webhook_deliveries_lane ON webhook_deliveries (endpoint, lane, sequence) WHERE state = 'queued';
    CREATE INDEX webhook_deliveries_due ON webhook_deliveries (endpoint, due_at, sequence) WHERE due_at IS NOT NULL;
    CREATE INDEX webhook_deliveries_dead ON webhook_deliveries (endpoint, sequence) WHERE state = 'dead';

    CREATE TABLE webhook_endpoints (
      endpoint TEXT PRIMARY KEY,
      delivered_at INTEGER,
      failing_since INTEGER,
      problem TEXT,
      gone_revision TEXT,
      dropped INTEGER NOT NULL DEFAULT 0
    ) WITHOUT ROWID;
  `,
}
