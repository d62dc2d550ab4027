import type { Migration } from '../../../storage/database/migrate.ts'

/**
 * What WhatsApp's directory answered: `lid` belongs to the person with `phone_number` (both are digits). A LID may have
 * several numbers: one account can be asked for under more than one form of its number. `confirmed_at`: milliseconds
 * since the epoch. What earlier versions stored of envelopes proves nothing and is deleted; WhatsApp is asked again.
 */
export const LID_MIGRATIONS: readonly Migration[] = [
  {
    version: 10,
    sql: `
      CREATE TABLE lid_directory (
        phone_number TEXT PRIMARY KEY,
        lid TEXT NOT NULL,
        confirmed_at INTEGER NOT NULL
      ) WITHOUT ROWID;
      CREATE INDEX lid_directory_lid ON lid_directory (lid, confirmed_at);
      DELETE FROM signal_keys WHERE type = 'lid-mapping';
    `,
  },
]
