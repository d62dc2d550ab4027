import type { MessageAuthor } from '../../../access/may-send.ts'
import { MESSAGE_TEXT_LENGTH } from '../../../protocol/conversations/message-view.ts'
import type { Database } from '../../../storage/database/database.ts'
import type { OutboxState } from '../../outbox/outbox-store.ts'
import type { InboxAuthor, InboxState } from '../../store/inbox-store.ts'
import type { TurnOutcome } from '../../turns/turn-store.ts'
import { IS_REACTION } from './is-reaction.ts'

/**
 * Where a message stands in its conversation: behind the inbox row `place`, or it is that row. The order is the one of the view
 * `messages`.
 */
export interface MessagePlace {
  place: number
  isReply: 0 | 1
  sequence: number
}

/** What a person, or the account's owner on a phone, wrote. Times are milliseconds since 1970. */
export interface ReceivedRow extends MessagePlace {
  isReply: 0
  conversation: number
  author: InboxAuthor
  sender: string
  sender_name: string | null
  message_id: string
  kind: 'text' | 'unsupported'
  /** Its beginning, where it `is_long`. */
  text: string
  is_long: 0 | 1
  target_id: string | null
  quoted_text: string | null
  quoted_what: string | null
  quoted_author: string | null
  files: string | null
  details: string | null
  transcript: string | null
  at: number
  edited_at: number | null
  state: InboxState
  turn: string | null
  /** `null` where the turn is gone. */
  turn_state: 'open' | TurnOutcome | null
}

/** What goes out. Times are milliseconds since 1970. */
export interface SentRow extends MessagePlace {
  isReply: 1
  conversation: number
  message_id: string
  remote_id: string | null
  kind: 'reply' | 'notice'
  /** As above. */
  text: string
  is_long: 0 | 1
  content: string | null
  author: MessageAuthor
  client_message_id: string | null
  quotes: number | null
  quotes_own: number | null
  at: number
  edited_at: number | null
  state: OutboxState
  error_code: string | null
  error_message: string | null
}

export type MessageRow = ReceivedRow | SentRow

type LastColumn =
  | keyof MessagePlace
  | 'conversation'
  | 'message_id'
  | 'kind'
  | 'text'
  | 'author'
  | 'at'
  | 'state'

/** The last message of a conversation, as lists show it. */
export type LastMessageRow = Pick<ReceivedRow, LastColumn> | Pick<SentRow, LastColumn>

const TEXT = `substr(text, 1, ${MESSAGE_TEXT_LENGTH}) AS text, length(text) > ${MESSAGE_TEXT_LENGTH} AS is_long`
const RECEIVED = `
  SELECT sequence AS place, 0 AS isReply, sequence, conversation, author, sender, sender_name, message_id, kind, ${TEXT}, target_id,
    quoted_text, quoted_what, quoted_author, files, details, transcript, sent_at AS at, edited_at, state, turn,
    (SELECT state FROM turns WHERE id = turn) AS turn_state
  FROM inbox WHERE conversation = ? AND kind IN ('text', 'unsupported')`
const SENT = `
  SELECT after_inbox AS place, 1 AS isReply, sequence, conversation, message_id, remote_id, kind, ${TEXT}, content, author, client_message_id, quotes, quotes_own,
    queued_at AS at, edited_at, state, error_code, error_message
  FROM outbox WHERE conversation = ? AND kind != 'change' AND NOT ${IS_REACTION}`
/** Among which the last one that is shown is looked for, of each table: a discarded one has no words any more. */
const LAST_OF = 5
const LAST_RECEIVED = `
  SELECT sequence AS place, 0 AS isReply, sequence, conversation, message_id, kind, ${TEXT}, author, sent_at AS at, state
  FROM json_each(?) AS page CROSS JOIN inbox ON sequence = (SELECT sequence FROM inbox
    WHERE conversation = page.value AND kind IN ('text', 'unsupported') ORDER BY sequence DESC LIMIT 1)`
const LAST_SENT = `
  SELECT after_inbox AS place, 1 AS isReply, sequence, conversation, message_id, kind, ${TEXT}, author, queued_at AS at, state
  FROM json_each(?) AS page CROSS JOIN outbox ON sequence = (SELECT sequence FROM
    (SELECT sequence, state FROM outbox WHERE conversation = page.value AND kind != 'change' AND NOT ${IS_REACTION}
      ORDER BY after_inbox DESC, sequence DESC LIMIT ${LAST_OF}) WHERE state != 'discarded' LIMIT 1)`
/** After everything. */
const END: MessagePlace = { place: 2 ** 52, isReply: 1, sequence: 2 ** 52 }

/** The messages of a conversation in their order: what people wrote, what the owner wrote, what goes out. Reads by indexes alone. */
export class MessageRows {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** The newest ones before this place, newest first. */
  before(conversation: number, { place, isReply, sequence }: MessagePlace, limit: number): MessageRow[] {
    const received = this.#read(`${RECEIVED} AND sequence < ? ORDER BY sequence DESC LIMIT ?`, [
      conversation,
      // The inbox row of a place stands before the replies behind it.
      isReply === 1 ? place + 1 : place,
      limit,
    ])
    const sent = this.#read(
      `${SENT} AND (after_inbox, sequence) < (?, ?) ORDER BY after_inbox DESC, sequence DESC LIMIT ?`,
      [conversation, place, isReply === 1 ? sequence : 0, limit],
    )
    return [...received, ...sent].toSorted((one, other) => compare(other, one)).slice(0, limit)
  }

  /** The oldest ones after this place, oldest first. */
  after(conversation: number, { place, isReply, sequence }: MessagePlace, limit: number): MessageRow[] {
    const received = this.#read(`${RECEIVED} AND sequence > ? ORDER BY sequence LIMIT ?`, [
      conversation,
      place,
      limit,
    ])
    const sent = this.#read(
      `${SENT} AND (after_inbox, sequence) > (?, ?) ORDER BY after_inbox, sequence LIMIT ?`,
      [conversation, place, isReply === 1 ? sequence : 0, limit],
    )
    return [...received, ...sent].toSorted(compare).slice(0, limit)
  }

  /** The message with this id; of several people's the newest one. */
  find(conversation: number, messageId: string): MessageRow | undefined {
    const [sent] = this.#read(`${SENT} AND message_id = ?`, [conversation, messageId])
    if (sent !== undefined) return sent
    const sql = `${RECEIVED} AND message_id = ? ORDER BY sequence DESC LIMIT 1`
    return this.#read(sql, [conversation, messageId])[0]
  }

  /** The whole text of this row. */
  wholeText({ isReply, sequence }: MessagePlace): string {
    const table = isReply === 1 ? 'outbox' : 'inbox'
    const row = this.#database.prepare(`SELECT text FROM ${table} WHERE sequence = ?`).get(sequence)
    // The column asked for.
    return (row as { text: string } | undefined)?.text ?? ''
  }

  /** The newest one that is not discarded, by conversation. */
  lastOf(conversations: readonly number[]): ReadonlyMap<number, LastMessageRow> {
    const last = new Map<number, LastMessageRow>()
    for (const sql of [LAST_RECEIVED, LAST_SENT]) {
      // The columns asked for, which only our stores write.
      const rows = this.#database
        .prepare(sql)
        .all(JSON.stringify(conversations)) as unknown as LastMessageRow[]
      for (const row of rows) {
        const known = last.get(row.conversation)
        if (known === undefined || compare(known, row) < 0) last.set(row.conversation, row)
      }
    }
    return last
  }

  newest(conversation: number, limit: number): MessageRow[] {
    return this.before(conversation, END, limit)
  }

  #read(sql: string, parameters: (number | string)[]): MessageRow[] {
    // The columns of the two, which only our stores write.
    return this.#database.prepare(sql).all(...parameters)
  }
}

function compare(one: MessagePlace, other: MessagePlace): number {
  return one.place - other.place || one.isReply - other.isReply || one.sequence - other.sequence
}
