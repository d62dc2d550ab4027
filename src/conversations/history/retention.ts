import type { Database } from '../../storage/database/database.ts'
import type { ConversationStore } from '../store/conversation-store.ts'

/** Messages kept of each direction; finished ones beyond this go, oldest first. */
const MAX_ROWS = 50_000
const MAX_AGE_MS = 30 * 86_400_000
/** A notice is remembered so that it is not repeated in quick succession: of the newest conversations that is enough. */
const MAX_NOTICES = 10_000
/** Longer than any choice sticks. */
const MAX_CHOICE_AGE_MS = 366 * 86_400_000
const MAX_CHOICES = 10_000
/** A phone that could not read one may ask for it again, and the pace counts those of the last hour. */
const MAX_REACTION_AGE_MS = 86_400_000
const MAX_REACTIONS = 10_000
/** Rows that one call deletes from a table, so that it never blocks for long. */
const MAX_DELETED = 5_000

const MESSAGES = [
  `DELETE FROM inbox WHERE sequence IN (
     SELECT sequence FROM inbox
     WHERE (sequence <= (SELECT MAX(sequence) FROM inbox) - ?1 OR received_at < ?2) AND state != 'pending'
       AND (turn IS NULL OR turn NOT IN (SELECT id FROM turns WHERE state = 'open'))
     ORDER BY sequence LIMIT ?3) RETURNING conversation`,
  `DELETE FROM turns WHERE sequence IN (
     SELECT sequence FROM turns
     WHERE (sequence <= (SELECT MAX(sequence) FROM turns) - ?1 OR opened_at < ?2) AND state != 'open'
     ORDER BY sequence LIMIT ?3) RETURNING conversation`,
  `DELETE FROM outbox WHERE sequence IN (
     SELECT sequence FROM outbox
     WHERE (sequence <= (SELECT MAX(sequence) FROM outbox) - ?1 OR queued_at < ?2) AND state != 'queued'
     ORDER BY sequence LIMIT ?3) RETURNING conversation`,
]
const NOTICES = `
  DELETE FROM notices WHERE sent_at < ?1
    OR (conversation, notice) IN (SELECT conversation, notice FROM notices ORDER BY sent_at DESC LIMIT -1 OFFSET ?2)
  RETURNING conversation`
const CHOICES = ['chosen_agents', 'chosen_models'].map(
  (table) => `
  DELETE FROM ${table} WHERE last_at < ?1
    OR (conversation, person) IN (SELECT conversation, person FROM ${table} ORDER BY last_at DESC LIMIT -1 OFFSET ?2)
  RETURNING conversation`,
)
/** Conversations that are kept for what was said of the whole chat; those where it was said last. */
const CHAT_STATES = [
  `UPDATE conversations SET paused_at = NULL WHERE paused_at IS NOT NULL AND id IN
     (SELECT id FROM conversations WHERE paused_at IS NOT NULL ORDER BY paused_at DESC LIMIT -1 OFFSET ?1)
   RETURNING id AS conversation`,
  `UPDATE conversations SET session = 1, context_after = 0 WHERE session > 1 AND id IN
     (SELECT id FROM conversations WHERE session > 1 ORDER BY context_after DESC LIMIT -1 OFFSET ?1)
   RETURNING id AS conversation`,
]
const MAX_CHAT_STATES = 10_000
const REACTIONS = `
  DELETE FROM reactions WHERE inbox NOT IN (SELECT sequence FROM inbox) OR (state = 'done' AND (reacted_at < ?1
    OR inbox IN (SELECT inbox FROM reactions ORDER BY inbox DESC LIMIT -1 OFFSET ?2)))`

/** Keeps the tables bounded. Deletes nothing that is still to be answered or sent, and conversations with their last row. */
export function pruneConversations(
  database: Database,
  conversations: Pick<ConversationStore, 'forgetEmpty'>,
  now: number,
  maxRows = MAX_ROWS,
): void {
  const shrunk = new Set<number>()
  const prune = (sql: string, ...values: number[]): void => {
    // The column that every statement returns.
    const rows = database.prepare(sql).all(...values) as { conversation: number }[]
    for (const { conversation } of rows) shrunk.add(conversation)
  }
  database.transaction(() => {
    for (const sql of MESSAGES) prune(sql, maxRows, now - MAX_AGE_MS, MAX_DELETED)
    prune(NOTICES, now - MAX_AGE_MS, MAX_NOTICES)
    for (const sql of CHOICES) prune(sql, now - MAX_CHOICE_AGE_MS, MAX_CHOICES)
    for (const sql of CHAT_STATES) prune(sql, MAX_CHAT_STATES)
    database.prepare(REACTIONS).run(now - MAX_REACTION_AGE_MS, MAX_REACTIONS)
    conversations.forgetEmpty(shrunk)
  })
}
