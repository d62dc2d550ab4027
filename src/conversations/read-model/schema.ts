import type { Migration } from '../../storage/database/migrate.ts'
import { IS_REACTION } from './messages/is-reaction.ts'

/**
 * What lists of conversations are read from. `conversation_aliases.former`: the id that a conversation had before it turned out to be
 * another one. `inbox.is_unread`: 1 until the account's owner has read it; 0 in rows of earlier versions. `conversations.unread` counts
 * them; `conversations.last_at`: when something was last said there, in milliseconds since 1970, `NULL` where nothing was but sentences of
 * the daemon's own. Triggers keep both: rows of messages are added, moved, taken back and deleted in many places.
 */
export const READ_MODEL_MIGRATIONS: readonly Migration[] = [
  {
    version: 32,
    sql: `
      CREATE TABLE conversation_aliases (
        former INTEGER PRIMARY KEY,
        conversation INTEGER NOT NULL
      );
      CREATE INDEX conversation_aliases_conversation ON conversation_aliases (conversation);

      ALTER TABLE inbox ADD COLUMN is_unread INTEGER NOT NULL DEFAULT 0;
      CREATE INDEX inbox_unread ON inbox (conversation, sequence) WHERE is_unread = 1;
      CREATE INDEX inbox_message ON inbox (conversation, message_id);
      CREATE INDEX outbox_reactions ON outbox (conversation, (content ->> 'target')) WHERE ${IS_REACTION};

      ALTER TABLE conversations ADD COLUMN unread INTEGER NOT NULL DEFAULT 0;
      ALTER TABLE conversations ADD COLUMN last_at INTEGER;
      UPDATE conversations SET last_at = (
        SELECT MAX(at) FROM (
          SELECT * FROM (SELECT min(received_at, sent_at) AS at FROM inbox
            WHERE conversation = conversations.id AND kind IN ('text', 'unsupported') ORDER BY sequence DESC LIMIT 1)
          UNION ALL
          SELECT * FROM (SELECT queued_at FROM outbox WHERE conversation = conversations.id AND kind = 'reply' AND NOT ${IS_REACTION}
            ORDER BY after_inbox DESC, sequence DESC LIMIT 1)));
      CREATE INDEX conversations_last ON conversations (last_at) WHERE last_at IS NOT NULL;
      CREATE INDEX conversations_unread ON conversations (last_at) WHERE unread > 0;

      CREATE TRIGGER inbox_added AFTER INSERT ON inbox WHEN NEW.kind IN ('text', 'unsupported') BEGIN
        UPDATE conversations
          SET last_at = max(COALESCE(last_at, 0), min(NEW.received_at, NEW.sent_at)), unread = unread + NEW.is_unread
          WHERE id = NEW.conversation;
      END;
      CREATE TRIGGER outbox_added AFTER INSERT ON outbox
        WHEN NEW.kind != 'change' AND NOT ${IS_REACTION.replaceAll('content', 'NEW.content')} BEGIN
        UPDATE conversations SET last_at = max(COALESCE(last_at, 0), NEW.queued_at)
          WHERE id = NEW.conversation AND (last_at IS NOT NULL OR NEW.kind = 'reply');
      END;
      CREATE TRIGGER inbox_read AFTER UPDATE OF is_unread, conversation ON inbox
        WHEN OLD.is_unread + NEW.is_unread > 0 BEGIN
        UPDATE conversations SET unread = unread - OLD.is_unread WHERE id = OLD.conversation;
        UPDATE conversations SET unread = unread + NEW.is_unread WHERE id = NEW.conversation;
      END;
      CREATE TRIGGER inbox_deleted AFTER DELETE ON inbox WHEN OLD.is_unread = 1 BEGIN
        UPDATE conversations SET unread = unread - 1 WHERE id = OLD.conversation;
      END;
    `,
  },
]
