import { CHAT_STATE_MIGRATIONS } from '../conversations/store/chat-state-schema.ts'
import { MANNER_MIGRATIONS } from '../conversations/store/manner-schema.ts'
import {
  CHOICE_MIGRATIONS,
  CONVERSATION_MIGRATIONS,
  HELD_MIGRATIONS,
  IDENTITY_MIGRATIONS,
  NOTICE_MIGRATIONS,
  OUTBOX_MIGRATIONS,
  PAUSE_MIGRATIONS,
  REACTION_MIGRATIONS,
  REMOTE_ID_MIGRATIONS,
  REVISION_MIGRATIONS,
  TOLD_MIGRATIONS,
} from '../conversations/store/schema.ts'
import { PAIRING_MIGRATIONS } from '../conversations/pairing/schema.ts'
import {
  CACHE_MIGRATIONS,
  CHANGED_LID_MIGRATIONS,
  GROUP_AGE_MIGRATIONS,
  GROUP_MIGRATIONS,
  JOURNAL_MIGRATIONS,
  LID_MIGRATIONS,
  REGISTERED_MIGRATIONS,
} from '../transports/linked-device/schema.ts'
import type { Migration } from '../storage/database/migrate.ts'

/**
 * The schema of `account.db`: every step, in order; a room's own steps are in its `schema.ts`. A released step is never
 * changed; the next one gets the next number.
 */
export const ACCOUNT_MIGRATIONS: readonly Migration[] = [
  {
    version: 1,
    sql: `
      CREATE TABLE credentials (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        value TEXT NOT NULL
      );
      CREATE TABLE signal_keys (
        type TEXT NOT NULL,
        id TEXT NOT NULL,
        value TEXT NOT NULL,
        PRIMARY KEY (type, id)
      ) WITHOUT ROWID;
      CREATE TABLE quarantined_credentials (
        id INTEGER PRIMARY KEY,
        reason TEXT NOT NULL,
        quarantined_at INTEGER NOT NULL,
        credentials TEXT NOT NULL,
        keys TEXT NOT NULL
      );
      CREATE TABLE facts (
        name TEXT PRIMARY KEY,
        value TEXT NOT NULL
      ) WITHOUT ROWID;
    `,
  },
  ...CONVERSATION_MIGRATIONS,
  ...JOURNAL_MIGRATIONS,
  ...REVISION_MIGRATIONS,
  ...GROUP_MIGRATIONS,
  ...CACHE_MIGRATIONS,
  ...CHOICE_MIGRATIONS,
  ...OUTBOX_MIGRATIONS,
  ...REACTION_MIGRATIONS,
  ...LID_MIGRATIONS,
  ...HELD_MIGRATIONS,
  ...REGISTERED_MIGRATIONS,
  ...REMOTE_ID_MIGRATIONS,
  ...IDENTITY_MIGRATIONS,
  ...NOTICE_MIGRATIONS,
  ...PAUSE_MIGRATIONS,
  ...CHANGED_LID_MIGRATIONS,
  ...GROUP_AGE_MIGRATIONS,
  ...TOLD_MIGRATIONS,
  ...CHAT_STATE_MIGRATIONS,
  ...MANNER_MIGRATIONS,
  ...PAIRING_MIGRATIONS,
]
