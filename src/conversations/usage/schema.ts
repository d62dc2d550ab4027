import type { Migration } from '../../storage/database/migrate.ts'

/** What an account did in a calendar month in UTC (`2026-01`). `told_answers`: of how many answers an agent told its tokens. */
export const USAGE_MIGRATIONS: readonly Migration[] = [
  {
    version: 34,
    sql: `
      CREATE TABLE usage (
        month TEXT PRIMARY KEY,
        answers INTEGER NOT NULL DEFAULT 0,
        messages_in INTEGER NOT NULL DEFAULT 0,
        messages_out INTEGER NOT NULL DEFAULT 0,
        told_answers INTEGER NOT NULL DEFAULT 0,
        input_tokens INTEGER NOT NULL DEFAULT 0,
        output_tokens INTEGER NOT NULL DEFAULT 0
      ) WITHOUT ROWID;
    `,
  },
]

/**
 * What WhatsApp said of the price of messages, by calendar month in UTC and its own category: how many it charges, how many not, and how
 * many of them count for the free messages of a month (`in_tier`). `outbox.priced`: 1 once a row was counted.
 */
export const CHARGE_MIGRATIONS: readonly Migration[] = [
  {
    version: 40,
    sql: `
      ALTER TABLE outbox ADD COLUMN priced INTEGER NOT NULL DEFAULT 0;
      CREATE TABLE charges (
        month TEXT NOT NULL,
        category TEXT NOT NULL,
        charged INTEGER NOT NULL DEFAULT 0,
        free INTEGER NOT NULL DEFAULT 0,
        in_tier INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (month, category)
      ) WITHOUT ROWID;
    `,
  },
]
