import type { Migration } from '../../storage/database/migrate.ts'

/**
 * `outbox.content`: JSON (`stored-content.ts`) of what a message is besides its words; `NULL` for words alone. `text` is what is shown of it.
 * `outbox.quotes_own`: the row of this table that it quotes, in the place of one of the inbox (`quotes`).
 */
export const CONTENT_MIGRATIONS: readonly Migration[] = [
  {
    version: 27,
    sql: 'ALTER TABLE outbox ADD COLUMN content TEXT;',
  },
  {
    version: 28,
    sql: 'ALTER TABLE outbox ADD COLUMN quotes_own INTEGER;',
  },
]

/** What waits is searched by conversation without its rows being read: thousands may wait in one. */
export const WAITING_MIGRATIONS: readonly Migration[] = [
  {
    version: 38,
    sql: `
      DROP INDEX outbox_queued;
      CREATE INDEX outbox_queued ON outbox (sequence, conversation) WHERE state = 'queued';
    `,
  },
]
