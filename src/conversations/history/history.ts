import type { HistoryMessage } from '../../agents/agent.ts'
import { VIEW_ONCE } from '../../messaging/content.ts'
import type { Database } from '../../storage/database/database.ts'
import { storedTime } from '../../storage/database/stored-time.ts'
import { TEXT_LIMITS } from '../../protocol/text/text-limits.ts'
import { boundedName, boundedText, cutText } from '../../text/bounded-text.ts'
import { withHeardWords } from '../../text/heard-words.ts'
import { withoutThoughts } from '../../text/thought-filter.ts'
import type { Conversation } from '../store/conversation-store.ts'
import { numberOf } from '../store/person.ts'
import { seenMessages } from './seen-messages.ts'

/** A row of the view `messages`. */
interface Line {
  author: HistoryMessage['from']
  kind: string
  message_id: string
  text: string
  at: number
  sender: string | null
  sender_name: string | null
  edited: number
  revoked: number
  place: number
  is_reply: number
  sequence: number
}

interface Reaction {
  target_id: string
  sender: string
  text: string
}

/** What was sent before anybody wrote has the place 0. What the owner sent behind the last `/new` has the same place as that. */
const FROM_THE_BEGINNING = -1
/** The newest first, by the indexes of both tables behind the view; SQLite uses these only where the columns of the order are selected. */
const NEWEST = `
  FROM messages WHERE conversation = ?1 AND place >= ?2 AND place < ?3 AND (place > ?2 OR is_reply = 1 AND author = 'owner')
    AND kind IN ('text', 'unsupported', 'reply')
  ORDER BY place DESC, is_reply DESC, sequence DESC LIMIT ?4`
const LINES = `SELECT author, kind, message_id, text, at, sender, sender_name, edited, revoked, place, is_reply, sequence ${NEWEST}`
/** The same rows: how long their texts are. */
const LENGTHS = `SELECT length(text) AS length, place, is_reply, sequence ${NEWEST}`

/**
 * The newest last, so that it is the one that counts; an empty one takes its sender's reaction back. The index knows the
 * three kinds together; without it a conversation's whole past would be read for each turn.
 */
const REACTIONS = `
  SELECT target_id, sender, text FROM inbox INDEXED BY inbox_revisions
  WHERE kind IN ('edit', 'revoke', 'reaction') AND kind = 'reaction' AND conversation = ? AND target_id IN (SELECT value FROM json_each(?)) ORDER BY sequence`

const HEARD = `
  SELECT sequence, transcript FROM inbox
  WHERE sequence IN (SELECT value FROM json_each(?)) AND transcript IS NOT NULL`

/** Read beyond the limit, for what is left out. */
const SPARE_LINES = 40
/** Of all texts together; what is longer would only fill the memory. */
const MAX_CHARACTERS = 1_000_000
/** The oldest message is cut where at least this much of it has room, and left out where not. */
const MIN_PIECE = 200

/**
 * The last `limit` messages of a conversation between the inbox rows `after` and `before`, oldest first: of the person, the assistant
 * and the account's owner, without what was asked of the daemon itself (`isCommand`) and without what a model thought. No more than
 * `characters` together: the newest ones, and the beginning of the one before them. `clockOffsetMs`: what WhatsApp's clock, which dates what people write, is ahead of ours.
 */
export function readHistory(
  database: Database,
  input: {
    conversation: Conversation
    /** The inbox row of the last `/new`; 0 for none. */
    after?: number
    before: number
    limit: number
    clockOffsetMs: number
    characters?: number
    /** Whose view of the conversation it is (`memoryKey`). */
    memory?: string
  },
  isCommand: (text: string) => boolean,
): HistoryMessage[] {
  const {
    conversation,
    after: since = 0,
    before,
    limit,
    clockOffsetMs,
    characters = MAX_CHARACTERS,
    memory,
  } = input
  if (limit <= 0 || characters <= 0) return []
  const after = since === 0 ? FROM_THE_BEGINNING : since
  const most = newestWithin(database, [conversation.id, after, before, limit + SPARE_LINES], characters)
  // The columns of `Line`.
  const read = database.prepare(LINES).all(conversation.id, after, before, most) as unknown as Line[]
  const heard = readHeard(database, read)
  const spoken = read
    .filter(({ author, kind, text }) => author === 'assistant' || kind !== 'text' || !isCommand(text))
    // Earlier versions stored texts of any length, and thoughts.
    .map((line) => ({
      ...line,
      text: boundedText(withHeardWords(spokenText(line), heard.get(line) ?? null)),
    }))
    .filter(({ author, text, revoked }) => author !== 'assistant' || text !== '' || revoked === 1)
  const lines = withinCharacters(spoken.slice(0, limit), characters).toReversed()
  const reactions = readReactions(
    database,
    conversation.id,
    lines.map(({ message_id }) => message_id),
  )
  const isSeen = memory === undefined ? () => false : seenMessages(database, conversation.id, memory)
  return lines.map((line) => {
    const { author, at, sender, sender_name } = line
    const name = sender_name === null ? null : boundedName(sender_name)
    const received = reactions.get(line.message_id)
    const isNamed = conversation.kind === 'group' && author === 'person' && sender !== null
    return {
      from: author,
      text: line.text,
      at: storedTime(line.is_reply === 1 ? at + clockOffsetMs : at),
      ...(isNamed ? { sender: { phoneNumber: numberOf(sender), name } } : {}),
      ...(isSeen(line) ? { seen: true as const } : {}),
      ...(line.edited === 1 && line.revoked === 0 ? { edited: true as const } : {}),
      ...(line.revoked === 1 ? { revoked: true as const } : {}),
      ...(received === undefined || line.revoked === 1 ? {} : { reactions: received }),
    }
  })
}

/** What a machine heard in the sound of messages. */
function readHeard(database: Database, lines: readonly Line[]): ReadonlyMap<Line, string> {
  const received = lines.filter(({ is_reply }) => is_reply === 0)
  const sequences = JSON.stringify(received.map(({ sequence }) => sequence))
  // The columns asked for.
  const rows = database.prepare(HEARD).all(sequences) as { sequence: number; transcript: string }[]
  const texts = new Map(rows.map(({ sequence, transcript }) => [sequence, transcript]))
  return new Map(
    received.flatMap((line) => {
      const text = texts.get(line.sequence)
      return text === undefined ? [] : [[line, text]]
    }),
  )
}

function spokenText({ author, kind, text }: Line): string {
  if (kind === 'unsupported')
    return text === VIEW_ONCE
      ? '[view-once message, which only the phone can open]'
      : `[cannot be read here: ${text}]`
  if (author !== 'assistant') return text
  const spoken = withoutThoughts(text)
  return spoken === text ? text : spoken.trim()
}

/** The newest lines that have no more characters together; the last of them may be the beginning of one. */
function withinCharacters(newestFirst: readonly Line[], characters: number): Line[] {
  const kept: Line[] = []
  let room = characters
  for (const line of newestFirst) {
    const { length } = line.text
    if (length <= room) kept.push(line)
    else if (room >= MIN_PIECE) kept.push({ ...line, text: cutText(line.text, room) })
    room -= length
    if (room <= 0) break
  }
  return kept
}

/**
 * How many rows it takes to have that many characters, before any of their texts is in memory. Commands and thoughts among them are left
 * out later, so twice as many are read.
 */
function newestWithin(
  database: Database,
  parameters: [conversation: number, after: number, before: number, limit: number],
  characters: number,
): number {
  // The column asked for.
  const rows = database.prepare(LENGTHS).all(...parameters) as { length: number }[]
  let room = Math.min(characters * 2, MAX_CHARACTERS)
  const last = rows.findIndex(({ length }) => (room -= Math.min(length, TEXT_LIMITS.message)) < 0)
  return last === -1 ? rows.length : last + 1
}

/** Emojis by the id of their message. */
function readReactions(
  database: Database,
  conversation: number,
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
