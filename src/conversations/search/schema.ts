import type { Migration } from '../../storage/database/migrate.ts'

/**
 * The index of what was said. `search_words` has words (`indexWords`) and no texts; its row ids begin with the second in which a message was
 * written, so that the newest come first. `search_rows`: which row an id is, by its `reference`: twice the sequence of an inbox row, one more
 * for the outbox; and the conversation that it was filed under. `search_state`: the last rows of both tables that were looked at, and by
 * which rules (`SearchIndex`).
 * `search_changes`: rows that were looked at and changed since. With the texts that they are filed under, because an entry can only be taken
 * out by them; `text` is `NULL` where these are unchanged. Triggers write them, whatever part changes a row, and they are emptied before the
 * transaction ends, or soon after it.
 */
export const SEARCH_MIGRATIONS: readonly Migration[] = [
  {
    version: 35,
    sql: `
      CREATE VIRTUAL TABLE search_words USING fts5(
        words, content='', columnsize=0, tokenize='ascii');
      INSERT INTO search_words (search_words, rank) VALUES ('secure-delete', 1);
      INSERT INTO search_words (search_words, rank) VALUES ('automerge', 0);
      CREATE TABLE search_rows (
        id INTEGER PRIMARY KEY,
        reference INTEGER NOT NULL UNIQUE,
        conversation INTEGER NOT NULL
      );
      CREATE TABLE search_changes (
        reference INTEGER PRIMARY KEY,
        text TEXT,
        files TEXT,
        transcript TEXT,
        content TEXT
      );
      CREATE TABLE search_state (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        rules TEXT NOT NULL,
        inbox INTEGER NOT NULL,
        outbox INTEGER NOT NULL
      );

      CREATE TRIGGER search_inbox_changed AFTER UPDATE OF text, files, transcript ON inbox
        WHEN OLD.sequence <= (SELECT inbox FROM search_state) BEGIN
        INSERT INTO search_changes VALUES (OLD.sequence * 2, OLD.text, OLD.files, OLD.transcript, NULL)
          ON CONFLICT DO UPDATE SET text = excluded.text, files = excluded.files, transcript = excluded.transcript
          WHERE search_changes.text IS NULL;
      END;
      CREATE TRIGGER search_inbox_moved AFTER UPDATE OF conversation ON inbox
        WHEN OLD.sequence <= (SELECT inbox FROM search_state) AND OLD.conversation != NEW.conversation BEGIN
        INSERT INTO search_changes (reference) VALUES (OLD.sequence * 2) ON CONFLICT DO NOTHING;
      END;
      CREATE TRIGGER search_inbox_deleted AFTER DELETE ON inbox
        WHEN OLD.sequence <= (SELECT inbox FROM search_state) BEGIN
        INSERT INTO search_changes VALUES (OLD.sequence * 2, OLD.text, OLD.files, OLD.transcript, NULL)
          ON CONFLICT DO UPDATE SET text = excluded.text, files = excluded.files, transcript = excluded.transcript
          WHERE search_changes.text IS NULL;
      END;

      CREATE TRIGGER search_outbox_changed AFTER UPDATE OF text, prefix_length, content, sequence ON outbox
        WHEN OLD.sequence BETWEEN 1 AND (SELECT outbox FROM search_state) BEGIN
        INSERT INTO search_changes
          VALUES (OLD.sequence * 2 + 1, substr(OLD.text, OLD.prefix_length + 1), NULL, NULL, OLD.content)
          ON CONFLICT DO UPDATE SET text = excluded.text, content = excluded.content
          WHERE search_changes.text IS NULL;
      END;
      CREATE TRIGGER search_outbox_placed AFTER UPDATE OF sequence ON outbox
        WHEN NEW.sequence BETWEEN 1 AND (SELECT outbox FROM search_state) BEGIN
        INSERT INTO search_changes (reference) VALUES (NEW.sequence * 2 + 1) ON CONFLICT DO NOTHING;
      END;
      CREATE TRIGGER search_outbox_moved AFTER UPDATE OF conversation ON outbox
        WHEN OLD.sequence <= (SELECT outbox FROM search_state) AND OLD.conversation != NEW.conversation BEGIN
        INSERT INTO search_changes (reference) VALUES (OLD.sequence * 2 + 1) ON CONFLICT DO NOTHING;
      END;
      CREATE TRIGGER search_outbox_deleted AFTER DELETE ON outbox
        WHEN OLD.sequence BETWEEN 1 AND (SELECT outbox FROM search_state) BEGIN
        INSERT INTO search_changes
          VALUES (OLD.sequence * 2 + 1, substr(OLD.text, OLD.prefix_length + 1), NULL, NULL, OLD.content)
          ON CONFLICT DO UPDATE SET text = excluded.text, content = excluded.content
          WHERE search_changes.text IS NULL;
      END;
    `,
  },
]
