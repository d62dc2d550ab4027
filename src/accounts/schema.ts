import { CHAT_STATE_MIGRATIONS } from '../conversations/store/chat-state-schema.ts'
import { DETAIL_MIGRATIONS } from '../conversations/store/detail-schema.ts'
import { MEDIA_MIGRATIONS } from '../conversations/media/schema.ts'
import { READ_MODEL_MIGRATIONS } from '../conversations/read-model/schema.ts'
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
  TRANSCRIPT_MIGRATIONS,
} from '../conversations/store/schema.ts'
import { CONTACT_MIGRATIONS } from '../conversations/contact/schema.ts'
import { FORGET_MIGRATIONS, FORGOTTEN_MIGRATIONS } from '../conversations/forget/schema.ts'
import { TAKEOVER_MIGRATIONS } from '../conversations/takeover/takeover-schema.ts'
import { CONTENT_MIGRATIONS, WAITING_MIGRATIONS } from '../conversations/outbox/schema.ts'
import { PAST_MIGRATIONS } from '../conversations/past/schema.ts'
import { SEARCH_MIGRATIONS } from '../conversations/search/schema.ts'
import { ACCESS_REQUEST_MIGRATIONS, PAIRING_MIGRATIONS } from '../conversations/pairing/schema.ts'
import {
  CACHE_MIGRATIONS,
  CHANGED_LID_MIGRATIONS,
  GROUP_AGE_MIGRATIONS,
  GROUP_MIGRATIONS,
  JOURNAL_MIGRATIONS,
  LID_MIGRATIONS,
  POLL_MIGRATIONS,
  REGISTERED_MIGRATIONS,
} from '../transports/linked-device/schema.ts'
import {
  BUSINESS_INBOUND_MIGRATIONS,
  BUSINESS_ORDER_MIGRATIONS,
  BUSINESS_UPLOAD_MIGRATIONS,
  WINDOW_MIGRATIONS,
} from '../transports/cloud-api/schema.ts'
import { SENDING_MIGRATIONS, SENT_REQUEST_MIGRATIONS } from '../conversations/sending/schema.ts'
import { CHARGE_MIGRATIONS, USAGE_MIGRATIONS } from '../conversations/usage/schema.ts'
import { type Migration, withSchemaDigest } from '../storage/database/migrate.ts'

/** After the last step. A test names the one of a new step; a wrong one costs each start the time to make the schema. */
const LATEST_DIGEST = '8849879c8752ed04621f71009aac753d746809b1e50333a4477d2a4087c09efb'

const STEPS: readonly Migration[] = [
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
  ...DETAIL_MIGRATIONS,
  ...MEDIA_MIGRATIONS,
  ...TRANSCRIPT_MIGRATIONS,
  ...POLL_MIGRATIONS,
  ...CONTENT_MIGRATIONS,
  ...SENDING_MIGRATIONS,
  ...CONTACT_MIGRATIONS,
  ...FORGET_MIGRATIONS,
  ...READ_MODEL_MIGRATIONS,
  ...TAKEOVER_MIGRATIONS,
  ...USAGE_MIGRATIONS,
  ...SEARCH_MIGRATIONS,
  ...ACCESS_REQUEST_MIGRATIONS,
  ...PAST_MIGRATIONS,
  ...WAITING_MIGRATIONS,
  ...BUSINESS_INBOUND_MIGRATIONS,
  ...CHARGE_MIGRATIONS,
  ...WINDOW_MIGRATIONS,
  ...BUSINESS_UPLOAD_MIGRATIONS,
  ...SENT_REQUEST_MIGRATIONS,
  ...FORGOTTEN_MIGRATIONS,
  ...BUSINESS_ORDER_MIGRATIONS,
]

/**
 * The schema of `account.db`: every step, in order; a room's own steps are in its `schema.ts`. A released step is never
 * changed; the next one gets the next number.
 */
export const ACCOUNT_MIGRATIONS = withSchemaDigest(STEPS, LATEST_DIGEST)
