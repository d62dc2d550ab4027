import type { Migration } from '../../storage/database/migrate.ts'

/**
 * `business_people`: who wrote or was written to. `address`: `bsuid:<id>` or `wa:<digits>`. `phone_number`: E.164, `NULL` where it is not
 * known, or belongs to somebody else by now. `parent_id`: the person's id for the company. `business`: the account of WhatsApp that the id is
 * for. `seen_at`: when they wrote or were written to last.
 *
 * `business_changed_numbers`: numbers of the config that belong to another person than before, until somebody allows them. `former`: the address
 * of who had the number.
 *
 * `business_updates`: what was posted. `name`: a digest of what makes an update itself: it comes again for up to a week. `author`: the address of
 * whose words it has. `content`: JSON, until it was worked on; `NULL` afterwards. All times in milliseconds since 1970.
 */
export const BUSINESS_INBOUND_MIGRATIONS: readonly Migration[] = [
  {
    version: 39,
    sql: `
      CREATE TABLE business_people (
        address TEXT PRIMARY KEY,
        phone_number TEXT,
        parent_id TEXT,
        business TEXT NOT NULL,
        seen_at INTEGER NOT NULL
      ) WITHOUT ROWID;
      CREATE INDEX business_people_number ON business_people (phone_number, seen_at);
      CREATE INDEX business_people_age ON business_people (seen_at);

      CREATE TABLE business_changed_numbers (
        phone_number TEXT PRIMARY KEY,
        former TEXT NOT NULL
      ) WITHOUT ROWID;

      CREATE TABLE business_updates (
        sequence INTEGER PRIMARY KEY AUTOINCREMENT,
        name BLOB NOT NULL UNIQUE,
        author TEXT NOT NULL,
        content TEXT,
        kept_at INTEGER NOT NULL
      );
      CREATE INDEX business_updates_open ON business_updates (sequence) WHERE content IS NOT NULL;
      CREATE INDEX business_updates_age ON business_updates (kept_at);
    `,
  },
]

/**
 * Until when people may be written to, by their address; times are milliseconds since 1970. `last_at`: when they last wrote or called.
 * `closed_at`: since when their window is known to be closed; `NULL` while it is open. `free_until`: the end of the 72 hours in which
 * messages cost nothing, for who came from an advertisement. Nothing of what was said, also of people who are not allowed.
 */
export const WINDOW_MIGRATIONS: readonly Migration[] = [
  {
    version: 41,
    sql: `
      CREATE TABLE business_windows (
        address TEXT PRIMARY KEY,
        last_at INTEGER NOT NULL,
        closed_at INTEGER,
        free_until INTEGER
      ) WITHOUT ROWID;
      CREATE INDEX business_windows_open ON business_windows (last_at) WHERE closed_at IS NULL;
    `,
  },
]

/**
 * `business_uploads`: files of our messages that Meta has. `local_id`: of the message; `media_id`: Meta's, for this number alone.
 * `uploaded_at`: milliseconds since 1970; Meta keeps them for 30 days.
 */
export const BUSINESS_UPLOAD_MIGRATIONS: readonly Migration[] = [
  {
    version: 42,
    sql: `
      CREATE TABLE business_uploads (
        local_id TEXT PRIMARY KEY,
        phone_number_id TEXT NOT NULL,
        media_id TEXT NOT NULL,
        uploaded_at INTEGER NOT NULL
      ) WITHOUT ROWID;
      CREATE INDEX business_uploads_age ON business_uploads (uploaded_at);
    `,
  },
]

/**
 * `business_windows.number`: the id of our number that they wrote to; empty for the first one, before that is known. `entry_at`: when somebody came from an advertisement, until that is answered; `free_until` begins with the answer.
 * `last_for_app`: whether the message of `last_at` was for another app. `handed_at`, `handed_to_app`: when the chat was last handed over, and
 * whether to another app; `last_at` is 0 for who never wrote. `is_allowed`, in both tables: that the person may write was seen when their row
 * was about to go: strangers take no place from them. `business_updates.author` is empty once an update was worked on.
 */
export const BUSINESS_ORDER_MIGRATIONS: readonly Migration[] = [
  {
    version: 45,
    sql: `
      CREATE TABLE business_windows_by_number (
        number TEXT NOT NULL,
        address TEXT NOT NULL,
        last_at INTEGER NOT NULL,
        closed_at INTEGER,
        free_until INTEGER,
        entry_at INTEGER,
        last_for_app INTEGER NOT NULL DEFAULT 0,
        handed_at INTEGER,
        handed_to_app INTEGER NOT NULL DEFAULT 0,
        is_allowed INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (address, number)
      ) WITHOUT ROWID;
      INSERT INTO business_windows_by_number (number, address, last_at, closed_at, free_until)
        SELECT '', address, last_at, closed_at, free_until FROM business_windows;
      DROP TABLE business_windows;
      ALTER TABLE business_windows_by_number RENAME TO business_windows;
      CREATE INDEX business_windows_open ON business_windows (number, last_at) WHERE closed_at IS NULL;
      CREATE INDEX business_windows_bound ON business_windows (is_allowed, (closed_at IS NULL), last_at);
      ALTER TABLE business_people ADD COLUMN is_allowed INTEGER NOT NULL DEFAULT 0;
      CREATE INDEX business_people_bound ON business_people (is_allowed, seen_at);
      UPDATE business_updates SET author = '' WHERE content IS NULL;
    `,
  },
]
