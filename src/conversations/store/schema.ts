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
 * Reactions to an inbox row. `state`: `due` · `sending`: may be seen already · `shown` · `removing` ·
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

/**
 * Conversations with an id of their own, the addresses that lead to each, and one relation of everything that is said.
 * `conversations.name` is the address that events and commands show: the number of a person where it is known, otherwise
 * their opaque address; the address of a group. `inbox.author` is `person`, or `owner` for what the account's owner wrote
 * to others on a phone. The tables that were keyed by the name are keyed by the id.
 * `messages.place` is an inbox sequence: a reply stands behind the message that it answers, whenever it was written. The casts
 * give both halves the same column types: otherwise SQLite reads and sorts a conversation's whole past for its last lines.
 */
export const IDENTITY_MIGRATIONS: readonly Migration[] = [
  {
    version: 14,
    sql: `
      CREATE TABLE conversations (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        kind TEXT NOT NULL,
        name TEXT NOT NULL UNIQUE
      );
      CREATE TABLE conversation_addresses (
        sequence INTEGER PRIMARY KEY,
        address TEXT NOT NULL UNIQUE,
        conversation INTEGER NOT NULL
      );
      CREATE INDEX conversation_addresses_conversation ON conversation_addresses (conversation, sequence);

      INSERT INTO conversations (name, kind)
        SELECT name, COALESCE(
          (SELECT chat_kind FROM inbox WHERE conversation = name ORDER BY sequence DESC LIMIT 1),
          iif(name LIKE '%@g.us', 'group', 'direct'))
        FROM (
          SELECT conversation AS name FROM inbox UNION SELECT conversation FROM turns
          UNION SELECT conversation FROM outbox UNION SELECT conversation FROM notices
          UNION SELECT conversation FROM chosen_agents);
      INSERT INTO conversation_addresses (address, conversation) SELECT name, id FROM conversations;

      ALTER TABLE inbox RENAME TO inbox_by_name;
      DROP INDEX inbox_conversation;
      DROP INDEX inbox_pending;
      DROP INDEX inbox_turn;
      DROP INDEX inbox_revisions;
      CREATE TABLE inbox (
        sequence INTEGER PRIMARY KEY AUTOINCREMENT,
        conversation INTEGER NOT NULL,
        author TEXT NOT NULL DEFAULT 'person',
        sender TEXT NOT NULL,
        address TEXT,
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
        edited_at INTEGER,
        arrival TEXT NOT NULL,
        state TEXT NOT NULL,
        turn TEXT,
        UNIQUE (conversation, sender, message_id, kind)
      );
      INSERT INTO inbox (sequence, conversation, sender, address, message_id, kind, chat, chat_kind, sender_name, text,
          target_id, quoted_text, sent_at, received_at, edited_at, arrival, state, turn)
        SELECT sequence, id, sender, address, message_id, inbox_by_name.kind, chat, chat_kind, sender_name, text,
          target_id, quoted_text, sent_at, received_at, edited_at, arrival, state, turn
        FROM inbox_by_name JOIN conversations ON name = conversation ORDER BY sequence;
      DELETE FROM sqlite_sequence WHERE name = 'inbox';
      INSERT INTO sqlite_sequence (name, seq)
        SELECT 'inbox', seq FROM sqlite_sequence WHERE name = 'inbox_by_name';
      DROP TABLE inbox_by_name;
      CREATE INDEX inbox_conversation ON inbox (conversation, sequence);
      CREATE INDEX inbox_pending ON inbox (conversation, sequence) WHERE state = 'pending';
      CREATE INDEX inbox_turn ON inbox (turn, sequence) WHERE turn IS NOT NULL;
      CREATE INDEX inbox_revisions ON inbox (target_id) WHERE kind IN ('edit', 'revoke', 'reaction');
      CREATE INDEX inbox_without_number ON inbox (sender) WHERE substr(sender, 1, 1) != '+';

      DROP INDEX turns_open_conversation;
      ALTER TABLE turns ADD COLUMN conversation_id INTEGER NOT NULL DEFAULT 0;
      UPDATE turns SET conversation_id = (SELECT id FROM conversations WHERE name = conversation);
      ALTER TABLE turns DROP COLUMN conversation;
      ALTER TABLE turns RENAME COLUMN conversation_id TO conversation;
      CREATE INDEX turns_open_conversation ON turns (conversation, sequence) WHERE state = 'open';

      DROP INDEX outbox_conversation;
      ALTER TABLE outbox ADD COLUMN conversation_id INTEGER NOT NULL DEFAULT 0;
      UPDATE outbox SET conversation_id = (SELECT id FROM conversations WHERE name = conversation);
      ALTER TABLE outbox DROP COLUMN conversation;
      ALTER TABLE outbox RENAME COLUMN conversation_id TO conversation;
      CREATE INDEX outbox_conversation ON outbox (conversation, after_inbox, sequence);

      ALTER TABLE notices RENAME TO notices_by_name;
      CREATE TABLE notices (
        conversation INTEGER NOT NULL,
        notice TEXT NOT NULL,
        sent_at INTEGER NOT NULL,
        PRIMARY KEY (conversation, notice)
      ) WITHOUT ROWID;
      INSERT INTO notices SELECT id, notice, sent_at FROM notices_by_name JOIN conversations ON name = conversation;
      DROP TABLE notices_by_name;

      ALTER TABLE chosen_agents RENAME TO chosen_agents_by_name;
      CREATE TABLE chosen_agents (
        conversation INTEGER NOT NULL,
        person TEXT NOT NULL,
        agent TEXT NOT NULL,
        last_at INTEGER NOT NULL,
        PRIMARY KEY (conversation, person)
      ) WITHOUT ROWID;
      INSERT INTO chosen_agents
        SELECT id, person, agent, last_at FROM chosen_agents_by_name JOIN conversations ON name = conversation;
      DROP TABLE chosen_agents_by_name;

      CREATE VIEW messages AS
        SELECT conversation, author, kind, message_id, text, sent_at AS at, sequence AS place, 0 AS is_reply, sequence,
          sender, sender_name, edited_at IS NOT NULL AS edited, state = 'revoked' AS revoked
        FROM inbox WHERE kind IN ('text', 'unsupported')
        UNION ALL
        SELECT conversation, CAST('assistant' AS TEXT), kind, message_id, CAST(substr(text, prefix_length + 1) AS TEXT),
          queued_at, after_inbox, 1, sequence, CAST(NULL AS TEXT), CAST(NULL AS TEXT),
          edited_at IS NOT NULL AND text != '', text = ''
        FROM outbox WHERE state NOT IN ('failed', 'discarded');
    `,
  },
]

/**
 * `inbox.mentions_us`: whether a message mentioned the account or answered one of its messages; 0 for earlier rows, of
 * which it is not known. `reactions.purpose`: `seen`, or `failed` for the mark on a message that got no answer.
 */
export const NOTICE_MIGRATIONS: readonly Migration[] = [
  {
    version: 15,
    sql: `
      ALTER TABLE inbox ADD COLUMN mentions_us INTEGER NOT NULL DEFAULT 0;
      ALTER TABLE reactions ADD COLUMN purpose TEXT NOT NULL DEFAULT 'seen';
    `,
  },
]

/**
 * When the account was paused, by WhatsApp's clock, in milliseconds since 1970; `ended_at` is `NULL` while it is.
 * `…_estimated`: that time is this machine's, because WhatsApp has not told its own since.
 */
export const PAUSE_MIGRATIONS: readonly Migration[] = [
  {
    version: 16,
    sql: `
      CREATE TABLE pauses (
        sequence INTEGER PRIMARY KEY AUTOINCREMENT,
        started_at INTEGER NOT NULL,
        start_estimated INTEGER NOT NULL,
        ended_at INTEGER,
        end_estimated INTEGER NOT NULL DEFAULT 0
      );
    `,
  },
]

/** `inbox.transcript`: what a machine heard in the sound of a message; empty where nothing is said, `NULL` where nobody has listened. */
export const TRANSCRIPT_MIGRATIONS: readonly Migration[] = [
  { version: 25, sql: 'ALTER TABLE inbox ADD COLUMN transcript TEXT;' },
]

/**
 * What an agent is told beside the words. `inbox.files`: JSON, a list of `FileDescription`; `NULL` for none.
 * `quoted_what`, `quoted_author`: as in `QuotedMessage`; `NULL` in earlier rows.
 */
export const TOLD_MIGRATIONS: readonly Migration[] = [
  {
    version: 19,
    sql: `
      ALTER TABLE inbox ADD COLUMN files TEXT;
      ALTER TABLE inbox ADD COLUMN quoted_what TEXT;
      ALTER TABLE inbox ADD COLUMN quoted_author TEXT;
    `,
  },
]
