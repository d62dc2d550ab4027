import type { Migration } from '../../storage/database/migrate.ts'

/**
 * People who are being forgotten: what they said is erased already, and what is left of that on the disk is not overwritten yet.
 * `addresses`: JSON, their numbers and addresses. `began_at`: milliseconds since 1970.
 * `first_session`, one row: with which session a new conversation begins. An agent that remembers by it must not know anybody who was
 * forgotten, and nothing here says who that was.
 */
export const FORGET_MIGRATIONS: readonly Migration[] = [
  {
    version: 31,
    sql: `
      CREATE TABLE forgetting (
        sequence INTEGER PRIMARY KEY AUTOINCREMENT,
        conversation INTEGER,
        addresses TEXT NOT NULL,
        began_at INTEGER NOT NULL
      );
      CREATE TABLE first_session (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        session INTEGER NOT NULL
      );
    `,
  },
]

/** People who were forgotten: a name of theirs as a digest with `key`, and when, in milliseconds since 1970 (`ForgottenPeople`). */
export const FORGOTTEN_MIGRATIONS: readonly Migration[] = [
  {
    version: 44,
    sql: `
      CREATE TABLE forgotten_people (
        digest TEXT PRIMARY KEY,
        key TEXT NOT NULL,
        forgotten_at INTEGER NOT NULL
      ) WITHOUT ROWID;
    `,
  },
]
