import type { Migration } from '../../../storage/database/migrate.ts'

/** `caches.value`: JSON. `expires_at`: milliseconds since the epoch. */
export const CACHE_MIGRATIONS: readonly Migration[] = [
  {
    version: 6,
    sql: `
      CREATE TABLE caches (
        cache TEXT NOT NULL,
        key TEXT NOT NULL,
        value TEXT NOT NULL,
        expires_at INTEGER NOT NULL,
        PRIMARY KEY (cache, key)
      ) WITHOUT ROWID;
    `,
  },
]
