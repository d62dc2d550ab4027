import type { Migration } from '../../../storage/database/migrate.ts'

/** `state`: `open` until the verdict, then `inboxed`, `blocked`, `held` or `ignored`. Times in milliseconds since 1970. */
export const JOURNAL_MIGRATIONS: readonly Migration[] = [
  {
    version: 3,
    sql: `
      CREATE TABLE stanza_journal (
        sequence INTEGER PRIMARY KEY AUTOINCREMENT,
        message_id TEXT NOT NULL,
        author TEXT NOT NULL,
        stanza BLOB,
        state TEXT NOT NULL,
        kept_at INTEGER NOT NULL,
        UNIQUE (message_id, author)
      );
      CREATE INDEX stanza_journal_open ON stanza_journal (sequence) WHERE state = 'open';

      CREATE TABLE plaintext_journal (
        digest TEXT PRIMARY KEY,
        stanza_sequence INTEGER NOT NULL,
        sender TEXT NOT NULL,
        plaintext BLOB
      ) WITHOUT ROWID;
      CREATE INDEX plaintext_journal_stanza ON plaintext_journal (stanza_sequence);
    `,
  },
]
