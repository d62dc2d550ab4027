import type { Migration } from '../../storage/database/migrate.ts'

/**
 * What people and owners say of a whole chat. `conversations.paused_at`: since when the assistant is silent there, in milliseconds
 * since 1970. `session` counts how often somebody began afresh, from 1; `context_after` is the inbox row of the last time.
 * `chosen_models`: the model that a person chose of an agent, as `chosen_agents`.
 */
export const CHAT_STATE_MIGRATIONS: readonly Migration[] = [
  {
    version: 20,
    sql: `
      ALTER TABLE conversations ADD COLUMN paused_at INTEGER;
      ALTER TABLE conversations ADD COLUMN session INTEGER NOT NULL DEFAULT 1;
      ALTER TABLE conversations ADD COLUMN context_after INTEGER NOT NULL DEFAULT 0;
      CREATE TABLE chosen_models (
        conversation INTEGER NOT NULL,
        person TEXT NOT NULL,
        agent TEXT NOT NULL,
        model TEXT NOT NULL,
        last_at INTEGER NOT NULL,
        PRIMARY KEY (conversation, person)
      ) WITHOUT ROWID;
    `,
  },
]
