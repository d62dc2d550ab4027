import type { Migration } from '../../../storage/database/migrate.ts'

/** `group_members.members`: a JSON array of every address that WhatsApp gave for the members. */
export const GROUP_MIGRATIONS: readonly Migration[] = [
  {
    version: 5,
    sql: `
      CREATE TABLE group_members (
        jid TEXT PRIMARY KEY,
        members TEXT NOT NULL
      ) WITHOUT ROWID;
    `,
  },
]
