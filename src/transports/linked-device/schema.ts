import type { Migration } from '../../storage/database/migrate.ts'

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

/** `group_members.members`: a JSON array of every address that WhatsApp gave for the members. Deleted with the link. */
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

/** `group_members.learned_at`: milliseconds since the epoch; 0 for rows from before. The oldest make room for new ones. */
export const GROUP_AGE_MIGRATIONS: readonly Migration[] = [
  { version: 18, sql: 'ALTER TABLE group_members ADD COLUMN learned_at INTEGER NOT NULL DEFAULT 0;' },
]

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

/**
 * `lid_directory.former_lid`: the LID with which the number was allowed, while WhatsApp says another one and nobody has allowed it
 * since; `NULL` otherwise.
 */
export const CHANGED_LID_MIGRATIONS: readonly Migration[] = [
  { version: 17, sql: 'ALTER TABLE lid_directory ADD COLUMN former_lid TEXT;' },
]

/**
 * What encrypted votes and answers refer to. `kind`: `poll` or `event`. `secret`: 32 bytes in base64. `title`: the question, or the event's
 * name. `options`: JSON, names of a poll's options. `authors`: JSON, the addresses of whoever sent it, without a device.
 */
export const POLL_MIGRATIONS: readonly Migration[] = [
  {
    version: 26,
    sql: `
      CREATE TABLE polls (
        sequence INTEGER PRIMARY KEY AUTOINCREMENT,
        message_id TEXT NOT NULL,
        kind TEXT NOT NULL,
        secret TEXT NOT NULL,
        title TEXT NOT NULL,
        options TEXT NOT NULL,
        authors TEXT NOT NULL,
        UNIQUE (message_id, secret)
      );
    `,
  },
]
