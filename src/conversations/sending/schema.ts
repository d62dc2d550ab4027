import type { Migration } from '../../storage/database/migrate.ts'

/**
 * Messages that were sent by a program or a dashboard. `outbox.author`: `owner` for what was sent in the name of the account's owner,
 * otherwise `assistant`. `client_message_id` is the sender's own id of the request, `NULL` for what answers a turn; `request_digest`
 * tells a repeated request from another one with the same id. `is_forced`: 1 where the allowlist need not name the recipient.
 * `outbox.kind` may be `change`: an edit or a deletion of another row, which is no message (`messages` leaves it out).
 * `first_contacts`: when people were written to for the first time, of the last day; milliseconds since 1970.
 * `media.expires_at`: until when an upload is kept that no message has taken; milliseconds since 1970.
 */
export const SENDING_MIGRATIONS: readonly Migration[] = [
  {
    version: 29,
    sql: `
      ALTER TABLE outbox ADD COLUMN author TEXT NOT NULL DEFAULT 'assistant';
      ALTER TABLE outbox ADD COLUMN client_message_id TEXT;
      ALTER TABLE outbox ADD COLUMN request_digest TEXT;
      ALTER TABLE outbox ADD COLUMN is_forced INTEGER NOT NULL DEFAULT 0;
      CREATE UNIQUE INDEX outbox_client ON outbox (client_message_id) WHERE client_message_id IS NOT NULL;
      CREATE TABLE first_contacts (sequence INTEGER PRIMARY KEY, at INTEGER NOT NULL);
      ALTER TABLE media ADD COLUMN expires_at INTEGER;
      CREATE INDEX media_uploads ON media (sequence) WHERE expires_at IS NOT NULL;

      DROP VIEW messages;
      CREATE VIEW messages AS
        SELECT conversation, author, kind, message_id, text, sent_at AS at, sequence AS place, 0 AS is_reply, sequence,
          sender, sender_name, edited_at IS NOT NULL AS edited, state = 'revoked' AS revoked
        FROM inbox WHERE kind IN ('text', 'unsupported')
        UNION ALL
        SELECT conversation, author, kind, message_id, CAST(substr(text, prefix_length + 1) AS TEXT),
          queued_at, after_inbox, 1, sequence, CAST(NULL AS TEXT), CAST(NULL AS TEXT),
          edited_at IS NOT NULL AND text != '', text = ''
        FROM outbox WHERE state NOT IN ('failed', 'discarded') AND kind != 'change';
    `,
  },
]

/**
 * Requests to send whose messages are deleted, of the last day: so that a repeated one sends nothing more (`SentRequests`). The columns are
 * those of `outbox`; nothing of what was said is here.
 */
export const SENT_REQUEST_MIGRATIONS: readonly Migration[] = [
  {
    version: 43,
    sql: `
      CREATE TABLE sent_requests (
        client_message_id TEXT PRIMARY KEY,
        digest TEXT,
        message_id TEXT NOT NULL,
        conversation INTEGER NOT NULL,
        state TEXT NOT NULL,
        queued_at INTEGER NOT NULL
      ) WITHOUT ROWID;
      CREATE INDEX sent_requests_age ON sent_requests (queued_at);
    `,
  },
]
