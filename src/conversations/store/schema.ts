import type { Migration } from '../../storage/database/migrate.ts'

/**
 * What arrived, what is being answered and what goes out. Times are milliseconds since 1970.
 * `inbox.state`: `pending` waits for a turn · `turn` belongs to one · `recorded` starts none (a reaction) ·
 * `skipped` is left unanswered and unread · `cancelled` was taken back with its sender's permission ·
 * `revoked` was deleted by its sender, and its text with it.
 * `outbox.state`: `queued` (also while in flight) · `acknowledged` · `delivered` · `read` · `failed` · `discarded`
 * by a person.
 */
export const CONVERSATION_MIGRATIONS: readonly Migration[] = [
  {
    version: 2,
    sql: `
      CREATE TABLE inbox (
        sequence INTEGER PRIMARY KEY AUTOINCREMENT,
        conversation TEXT NOT NULL,
        sender TEXT NOT NULL,
        message_id TEXT NOT NULL,
        kind TEXT NOT NULL,
        chat TEXT NOT NULL,
        chat_kind TEXT NOT NULL,
        sender_name TEXT,
        text TEXT NOT NULL,
        target_id TEXT,
        quoted_text TEXT,
        sent_at INTEGER NOT NULL,
        received_at INTEGER NOT NULL,
        arrival TEXT NOT NULL,
        state TEXT NOT NULL,
        turn TEXT,
        UNIQUE (conversation, sender, message_id, kind)
      );
      CREATE INDEX inbox_conversation ON inbox (conversation, sequence);
      CREATE INDEX inbox_pending ON inbox (conversation, sequence) WHERE state = 'pending';
      CREATE INDEX inbox_turn ON inbox (turn, sequence) WHERE turn IS NOT NULL;

      CREATE TABLE turns (
        sequence INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        conversation TEXT NOT NULL,
        chat TEXT NOT NULL,
        chat_kind TEXT NOT NULL,
        state TEXT NOT NULL,
        paragraphs_out INTEGER NOT NULL DEFAULT 0,
        opened_at INTEGER NOT NULL,
        finished_at INTEGER
      );
      CREATE UNIQUE INDEX turns_open_conversation ON turns (conversation) WHERE state = 'open';
      CREATE INDEX turns_open ON turns (sequence) WHERE state = 'open';

      CREATE TABLE outbox (
        sequence INTEGER PRIMARY KEY AUTOINCREMENT,
        message_id TEXT NOT NULL UNIQUE,
        conversation TEXT NOT NULL,
        chat TEXT NOT NULL,
        kind TEXT NOT NULL,
        turn TEXT,
        after_inbox INTEGER NOT NULL,
        text TEXT NOT NULL,
        prefix_length INTEGER NOT NULL,
        state TEXT NOT NULL,
        attempts INTEGER NOT NULL DEFAULT 0,
        error_code TEXT,
        error_message TEXT,
        queued_at INTEGER NOT NULL,
        settled_at INTEGER
      );
      CREATE INDEX outbox_conversation ON outbox (conversation, sequence);
      CREATE INDEX outbox_queued ON outbox (sequence) WHERE state = 'queued';

      CREATE TABLE blocked_senders (
        sender TEXT PRIMARY KEY,
        reason TEXT NOT NULL,
        reported_at INTEGER NOT NULL
      ) WITHOUT ROWID;

      CREATE TABLE held (
        sequence INTEGER PRIMARY KEY AUTOINCREMENT,
        address TEXT NOT NULL,
        message_id TEXT NOT NULL,
        kind TEXT NOT NULL,
        message TEXT NOT NULL,
        expires_at INTEGER NOT NULL,
        UNIQUE (address, message_id, kind)
      );
      CREATE INDEX held_expiry ON held (expires_at);

      CREATE TABLE notices (
        conversation TEXT NOT NULL,
        notice TEXT NOT NULL,
        sent_at INTEGER NOT NULL,
        PRIMARY KEY (conversation, notice)
      ) WITHOUT ROWID;
    `,
  },
]

/**
 * Groups, and what people change afterwards. `inbox.address` is the sender's own, as it came; `outbox.quotes` is the
 * inbox row that a message answers visibly.
 */
export const REVISION_MIGRATIONS: readonly Migration[] = [
  {
    version: 4,
    sql: `
      ALTER TABLE inbox ADD COLUMN address TEXT;
      ALTER TABLE inbox ADD COLUMN edited_at INTEGER;
      CREATE INDEX inbox_revisions ON inbox (target_id) WHERE kind IN ('edit', 'revoke', 'reaction');
      ALTER TABLE outbox ADD COLUMN quotes INTEGER;
      ALTER TABLE outbox ADD COLUMN edited_at INTEGER;
      CREATE INDEX outbox_turn ON outbox (turn) WHERE turn IS NOT NULL;
    `,
  },
]

/** Whom a person chose in one conversation. `last_at`: when they last wrote there while the choice stuck. */
export const CHOICE_MIGRATIONS: readonly Migration[] = [
  {
    version: 7,
    sql: `
      CREATE TABLE chosen_agents (
        conversation TEXT NOT NULL,
        person TEXT NOT NULL,
        agent TEXT NOT NULL,
        last_at INTEGER NOT NULL,
        PRIMARY KEY (conversation, person)
      ) WITHOUT ROWID;
    `,
  },
]

/** What a person looks after among the messages that went out long ago. */
export const OUTBOX_MIGRATIONS: readonly Migration[] = [
  {
    version: 8,
    sql: `CREATE INDEX outbox_unsent ON outbox (sequence, state) WHERE state IN ('queued', 'failed')`,
  },
]

/**
 * Reactions that say "seen" to an inbox row. `state`: `due` · `sending`: may be seen already · `shown` · `removing` ·
 * `done`. Times are milliseconds since 1970; those that end in `sent_at` are WhatsApp's acknowledgements.
 */
export const REACTION_MIGRATIONS: readonly Migration[] = [
  {
    version: 9,
    sql: `
      CREATE TABLE reactions (
        inbox INTEGER PRIMARY KEY,
        emoji TEXT NOT NULL,
        state TEXT NOT NULL,
        attempts INTEGER NOT NULL DEFAULT 0,
        message_id TEXT NOT NULL UNIQUE,
        reacted_at INTEGER NOT NULL,
        sent_at INTEGER,
        removal_id TEXT UNIQUE,
        removed_at INTEGER,
        removal_sent_at INTEGER
      );
      CREATE INDEX reactions_open ON reactions (inbox) WHERE state != 'done';
    `,
  },
]

/** What is held, by who it may come from (`HeldMessages`), what it says of its sender, and the room that it takes. */
export const HELD_MIGRATIONS: readonly Migration[] = [
  {
    version: 11,
    sql: `
      ALTER TABLE held ADD COLUMN priority INTEGER NOT NULL DEFAULT 0;
      ALTER TABLE held ADD COLUMN cost INTEGER NOT NULL DEFAULT 4096;
      ALTER TABLE held ADD COLUMN alternate TEXT;
      CREATE INDEX held_room ON held (address, alternate, priority, cost);
    `,
  },
]

/**
 * What a transport needs that is no linked device. `outbox.remote_id`: WhatsApp's id of the message, `NULL` until it is
 * known; every earlier row went out under its own. `chat_kind`: of `chat`. `unsettled_since`: when it went out without
 * an answer and must not go again before one; milliseconds since 1970.
 */
export const REMOTE_ID_MIGRATIONS: readonly Migration[] = [
  {
    version: 13,
    sql: `
      ALTER TABLE outbox ADD COLUMN remote_id TEXT;
      ALTER TABLE outbox ADD COLUMN chat_kind TEXT NOT NULL DEFAULT 'direct';
      ALTER TABLE outbox ADD COLUMN unsettled_since INTEGER;
      UPDATE outbox SET
        remote_id = message_id,
        chat_kind = coalesce(
          (SELECT chat_kind FROM inbox WHERE inbox.sequence = outbox.after_inbox AND inbox.chat = outbox.chat),
          iif(chat LIKE '%@g.us', 'group', 'direct')
        );
      CREATE INDEX outbox_remote ON outbox (remote_id) WHERE remote_id IS NOT NULL;
    `,
  },
]
