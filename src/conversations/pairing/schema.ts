import type { Migration } from '../../storage/database/migrate.ts'

/**
 * People who asked for access, one row each. `person`: as an entry of `allowFrom`, E.164 or `lid:<digits>`; `address`: the transport's own.
 * `state`: `pending` · `approved` · `rejected` · `expired`. `code`: a secret, gone with the verdict. `message_id`: the row of the outbox
 * that carries the code. `asked_by`: the inbox row in which an owner asked to allow this person, until that is done.
 * Times are milliseconds since 1970.
 */
export const PAIRING_MIGRATIONS: readonly Migration[] = [
  {
    version: 22,
    sql: `
      CREATE TABLE pairing (
        sequence INTEGER PRIMARY KEY AUTOINCREMENT,
        person TEXT NOT NULL UNIQUE,
        address TEXT NOT NULL,
        name TEXT,
        code TEXT,
        state TEXT NOT NULL,
        message_id TEXT NOT NULL,
        asked_at INTEGER NOT NULL,
        expires_at INTEGER NOT NULL,
        asked_by INTEGER
      );
      CREATE INDEX pairing_message ON pairing (message_id) WHERE state = 'pending';
    `,
  },
]

/**
 * `source`: `person`, who wrote and was sent the code, or `program`, which asked in their place: then no message carries the code
 * (`message_id` is empty) and `address` is the number. `reason`: what the program says, gone with the verdict.
 */
export const ACCESS_REQUEST_MIGRATIONS: readonly Migration[] = [
  {
    version: 36,
    sql: `
      ALTER TABLE pairing ADD COLUMN source TEXT NOT NULL DEFAULT 'person';
      ALTER TABLE pairing ADD COLUMN reason TEXT;
    `,
  },
]
