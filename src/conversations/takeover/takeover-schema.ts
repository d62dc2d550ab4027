import type { Migration } from '../../storage/database/migrate.ts'

/**
 * Who holds a chat. `conversations.paused_at` (milliseconds since 1970, like all times here): since when the assistant is silent there;
 * `paused_by`, `paused_reason`: what silenced it (`Hold`), `NULL` in earlier rows for `/pause`; `paused_until`: when it answers again by
 * itself, `NULL` for never. That time is `renewed_at` and the minutes of the config where `follows_setting` is 1. `off_since`: it is switched
 * off there. `held_from`, `held_until`: the last hold that is over. `waits_for`: why `waits_since` is set, `NULL` for a hand-over.
 * `inbox.missed`: 1 where a hold is why the message has no answer, and nobody has answered since. `outbox.withdrawn_at`: when somebody took
 * the chat over while this reply was on its way.
 */
export const TAKEOVER_MIGRATIONS: readonly Migration[] = [
  {
    version: 33,
    sql: `
      ALTER TABLE conversations ADD COLUMN paused_by TEXT;
      ALTER TABLE conversations ADD COLUMN paused_reason TEXT;
      ALTER TABLE conversations ADD COLUMN paused_until INTEGER;
      ALTER TABLE conversations ADD COLUMN renewed_at INTEGER;
      ALTER TABLE conversations ADD COLUMN follows_setting INTEGER NOT NULL DEFAULT 0;
      ALTER TABLE conversations ADD COLUMN off_since INTEGER;
      ALTER TABLE conversations ADD COLUMN held_from INTEGER;
      ALTER TABLE conversations ADD COLUMN held_until INTEGER;
      ALTER TABLE conversations ADD COLUMN waits_for TEXT;
      CREATE INDEX conversations_paused ON conversations (paused_until) WHERE paused_at IS NOT NULL;
      ALTER TABLE inbox ADD COLUMN missed INTEGER;
      CREATE INDEX inbox_missed ON inbox (conversation, sequence) WHERE missed = 1;
      ALTER TABLE outbox ADD COLUMN withdrawn_at INTEGER;
    `,
  },
]
