import type { HistoryMessage } from '../agents/agent.ts'
import type { Database } from '../storage/database.ts'

interface Line {
  role: 'user' | 'assistant'
  text: string
  at: number
  /** Inbox sequence: a reply stands behind the message that it answers, whenever it was written. */
  place: number
}

const INBOX = `
  SELECT 'user' AS role, text, sent_at AS at, sequence AS place FROM inbox
  WHERE conversation = ? AND sequence < ? AND kind = 'text' ORDER BY sequence DESC LIMIT ?`

const OUTBOX = `
  SELECT 'assistant' AS role, substr(text, prefix_length + 1) AS text, queued_at AS at, after_inbox AS place FROM outbox
  WHERE conversation = ? AND after_inbox < ? AND kind = 'reply' AND state NOT IN ('failed', 'discarded') ORDER BY sequence DESC LIMIT ?`

/** The last `limit` messages of both sides before the inbox row `before`, oldest first. */
export function readHistory(
  database: Database,
  conversation: string,
  before: number,
  limit: number,
): HistoryMessage[] {
  if (limit <= 0) return []
  const read = (sql: string): Line[] =>
    // The columns of both statements are those of `Line`.
    (database.prepare(sql).all(conversation, before, limit) as Line[]).toReversed()
  // Stable: messages stay in their order, and behind a message come its replies in theirs.
  const lines = [...read(INBOX), ...read(OUTBOX)].sort((one, other) => one.place - other.place)
  return lines.slice(-limit).map(({ role, text, at }) => ({ role, text, at: new Date(at) }))
}
