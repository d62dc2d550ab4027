import type { Migration } from '../../../storage/database/migrate.ts'

/**
 * What WhatsApp answered about numbers that can be written in two forms. `number`: E.164, as the config has it. `registered`: the form of
 * it that WhatsApp knows, `NULL` where it knows neither. `asked_at`: milliseconds since the epoch.
 */
export const REGISTERED_MIGRATIONS: readonly Migration[] = [
  {
    version: 12,
    sql: `
      CREATE TABLE registered_numbers (
        number TEXT PRIMARY KEY,
        registered TEXT,
        asked_at INTEGER NOT NULL
      ) WITHOUT ROWID;
    `,
  },
]
