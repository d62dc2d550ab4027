import type { Migration } from '../../storage/database/migrate.ts'

/**
 * `turns.agent`: who was asked and remembers it (`memoryKey`); `NULL` where nobody does, in earlier rows, and in an open turn; empty in an
 * open turn that will not count. `turns.waiting_line`: 1 once the person was told that it takes long.
 * `conversations.title`: what a group is called. `conversations.waits_since`: when an assistant left somebody there to a person by
 * saying nothing; milliseconds since 1970, `NULL` where nobody waits.
 */
export const MANNER_MIGRATIONS: readonly Migration[] = [
  {
    version: 21,
    sql: `
      ALTER TABLE turns ADD COLUMN agent TEXT;
      ALTER TABLE turns ADD COLUMN waiting_line INTEGER NOT NULL DEFAULT 0;
      CREATE INDEX turns_answered ON turns (conversation, agent, sequence) WHERE state IN ('answered', 'silent');
      ALTER TABLE conversations ADD COLUMN title TEXT;
      ALTER TABLE conversations ADD COLUMN waits_since INTEGER;
      CREATE INDEX conversations_waiting ON conversations (waits_since) WHERE waits_since IS NOT NULL;
    `,
  },
]
