import type { Migration } from '../../storage/database/migrate.ts'

/**
 * What is known of the person, or the group, behind a conversation. `name`: of the field (`contact-field-names.ts`). `set_by`: `agent`,
 * `owner` or `api`. `set_at`: milliseconds since 1970.
 */
export const CONTACT_MIGRATIONS: readonly Migration[] = [
  {
    version: 30,
    sql: `
      CREATE TABLE contact_fields (
        conversation INTEGER NOT NULL,
        name TEXT NOT NULL,
        value TEXT NOT NULL,
        set_by TEXT NOT NULL,
        set_at INTEGER NOT NULL,
        PRIMARY KEY (conversation, name)
      ) WITHOUT ROWID;
    `,
  },
]
