import type { HistoryMessage } from '../../agents/agent.ts'
import type { Database } from '../../storage/database/database.ts'
import { TEXT_LIMITS } from '../../protocol/text-limits.ts'
import { boundedName, boundedText, cutText } from '../../text/bounded-text.ts'
import { isGroupConversation, numberOf } from '../store/conversation-key.ts'

interface Line {
  role: 'user' | 'assistant'
  message_id: string
  text: string
  at: number
  /** Inbox sequence: a reply stands behind the message that it answers, whenever it was written. */
  place: number
  sender: string | null
  sender_name: string | null
  edited: number
  revoked: number
}

interface Reaction {
  target_id: string
  sender: string
  text: string
}

const INBOX = `
  SELECT 'user' AS role, message_id, text, sent_at AS at, sequence AS place, sender, sender_name,
    edited_at IS NOT NULL AS edited, state = 'revoked' AS revoked FROM inbox
  WHERE conversation = ? AND sequence < ? AND kind = 'text' ORDER BY sequence DESC LIMIT ?`

const OUTBOX = `
  SELECT 'assistant' AS role, message_id, substr(text, prefix_length + 1) AS text, queued_at AS at,
    after_inbox AS place, NULL AS sender, NULL AS sender_name, edited_at IS NOT NULL AND text != '' AS edited,
    text = '' AS revoked FROM outbox
  WHERE conversation = ? AND after_inbox < ? AND kind = 'reply' AND state NOT IN ('failed', 'discarded')
  ORDER BY sequence DESC LIMIT ?`

/**
 * The newest last, so that it is the one that counts; an empty one takes its sender's reaction back. The index knows the
 * three kinds together; without it a conversation's whole past would be read for each turn.
 */
const REACTIONS = `
  SELECT target_id, sender, text FROM inbox INDEXED BY inbox_revisions
  WHERE kind IN ('edit', 'revoke', 'reaction') AND kind = 'reaction' AND conversation = ? AND target_id IN (SELECT value FROM json_each(?)) ORDER BY sequence`

/** The same rows as above, the newest first: how long their texts are. */
const INBOX_LENGTHS = `
  SELECT length(text) AS length FROM inbox
  WHERE conversation = ? AND sequence < ? AND kind = 'text' ORDER BY sequence DESC LIMIT ?`
const OUTBOX_LENGTHS = `
  SELECT length(text) AS length FROM outbox
  WHERE conversation = ? AND after_inbox < ? AND kind = 'reply' AND state NOT IN ('failed', 'discarded')
  ORDER BY sequence DESC LIMIT ?`

/** Read beyond the limit, for what is left out. */
const SPARE_LINES = 20
/** Of all texts together, more than the models of today read at once; what is longer would only fill the memory. */
const MAX_CHARACTERS = 1_000_000

/**
 * The last `limit` messages of both sides before the inbox row `before`, oldest first, without what was asked of the
 * daemon itself. Fewer where they have more than a million characters together: the newest ones.
 */
export function readHistory(
  database: Database,
  { conversation, before, limit }: { conversation: string; before: number; limit: number },
  isCommand: (text: string) => boolean,
): HistoryMessage[] {
  if (limit <= 0) return []
  const read = (sql: string, lengths: string): Line[] => {
    const most = newestWithin(database, lengths, [conversation, before, limit + SPARE_LINES])
    // The columns of both statements are those of `Line`.
    return (database.prepare(sql).all(conversation, before, most) as Line[])
      .filter(({ role, text }) => role === 'assistant' || !isCommand(text))
      .toReversed()
  }
  // Stable: messages stay in their order, and behind a message come its replies in theirs.
  const both = [...read(INBOX, INBOX_LENGTHS), ...read(OUTBOX, OUTBOX_LENGTHS)]
  const lines = withinCharacters(both.sort((one, other) => one.place - other.place).slice(-limit))
  const reactions = readReactions(
    database,
    conversation,
    lines.map(({ message_id }) => message_id),
  )
  const isGroup = isGroupConversation(conversation)
  return lines.map((line) => {
    const { role, at, sender, sender_name } = line
    // Earlier versions stored texts of any length.
    const name = sender_name === null ? null : boundedName(sender_name)
    const received = reactions.get(line.message_id)
    return {
      role,
      text: boundedText(line.text),
      at: new Date(at),
      ...(isGroup && sender !== null ? { sender: { phoneNumber: numberOf(sender), name } } : {}),
      ...(line.edited === 1 && line.revoked === 0 ? { edited: true as const } : {}),
      ...(line.revoked === 1 ? { revoked: true as const } : {}),
      ...(received === undefined || line.revoked === 1 ? {} : { reactions: received }),
    }
  })
}

/** How many rows have no more than the characters that are allowed, before any of their texts is in memory. */
function newestWithin(
  database: Database,
  lengths: string,
  parameters: [conversation: string, before: number, limit: number],
): number {
  // The column asked for.
  const rows = database.prepare(lengths).all(...parameters) as { length: number }[]
  let room = MAX_CHARACTERS
  const tooMany = rows.findIndex(({ length }) => (room -= Math.min(length, TEXT_LIMITS.message)) < 0)
  return tooMany === -1 ? rows.length : tooMany
}

function withinCharacters(lines: Line[]): Line[] {
  let room = MAX_CHARACTERS
  return lines.slice(
    lines.findLastIndex(({ text }) => (room -= Math.min(text.length, TEXT_LIMITS.message)) < 0) + 1,
  )
}

/** Emojis by the id of their message. */
function readReactions(
  database: Database,
  conversation: string,
  ids: readonly string[],
): ReadonlyMap<string, string[]> {
  // The columns asked for.
  const rows = database.prepare(REACTIONS).all(conversation, JSON.stringify(ids)) as unknown as Reaction[]
  const bySender = new Map<string, Reaction>()
  for (const row of rows) bySender.set(`${row.target_id} ${row.sender}`, row)
  const reactions = new Map<string, string[]>()
  for (const { target_id, text } of bySender.values()) {
    if (text === '') continue
    const emoji = cutText(text, TEXT_LIMITS.emoji)
    reactions.set(target_id, [...(reactions.get(target_id) ?? []), emoji])
  }
  return reactions
}
