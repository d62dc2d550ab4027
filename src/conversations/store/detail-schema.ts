import type { Migration } from '../../storage/database/migrate.ts'

/**
 * `inbox.details`: JSON, a list of `MessageDetail`; `NULL` for none, and in earlier rows. `inbox.album`: WhatsApp's id of the album that a
 * message is a part of.
 */
export const DETAIL_MIGRATIONS: readonly Migration[] = [
  {
    version: 23,
    sql: `
      ALTER TABLE inbox ADD COLUMN details TEXT;
      ALTER TABLE inbox ADD COLUMN album TEXT;
      CREATE INDEX inbox_album ON inbox (conversation, album, sequence) WHERE album IS NOT NULL;
    `,
  },
]
