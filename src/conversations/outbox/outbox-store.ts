import type { ChatKind, ChatReference } from '../../messaging/chat-reference.ts'
import type { SendFailure } from '../../messaging/outcome.ts'
import type { Database } from '../../storage/database/database.ts'
import { type Conversation, CONVERSATION_NAME } from '../store/conversation-store.ts'

export type OutboxState = 'queued' | 'acknowledged' | 'delivered' | 'read' | 'failed' | 'discarded'

export interface OutboxRow {
  sequence: number
  /** Our id, made before the message went out. */
  message_id: string
  /** WhatsApp's id; `null` until it is known. */
  remote_id: string | null
  /** The conversation's id, and what people call it (`Conversation`). */
  conversation: number
  conversation_name: string
  chat: string
  chat_kind: ChatKind
  text: string
  state: OutboxState
  attempts: number
  /** The last inbox row that it answers. */
  after_inbox: number
  /** The inbox row that it quotes. */
  quotes: number | null
  /** Milliseconds since 1970. */
  queued_at: number
  /** When it went out without an answer and must not go again before one; milliseconds since 1970. */
  unsettled_since: number | null
}

/** A row as people look at it. Times are milliseconds since 1970. */
export interface UnsentRow extends OutboxRow {
  state: 'queued' | 'failed'
  kind: 'reply' | 'notice'
  settled_at: number | null
  error_code: string | null
  error_message: string | null
}

export interface NewOutboxRow {
  localId: string
  /** WhatsApp's id, where it is known before the message goes out. */
  remoteId: string | null
  conversation: Conversation
  chat: ChatReference
  /** `reply` is the assistant's, `notice` the daemon's own sentence. */
  kind: 'reply' | 'notice'
  turn: string | null
  /** The last inbox row that it answers: its place in the conversation. */
  afterInbox: number
  text: string
  /** How much of `text` is a configured prefix, in code points. */
  prefixLength: number
  /** The inbox row that it quotes, where it does. */
  quotes: number | null
  queuedAt: number
}

const COLUMNS = `sequence, message_id, remote_id, conversation, ${CONVERSATION_NAME}, chat, chat_kind, text, state, attempts,
  after_inbox, quotes, queued_at, unsettled_since`
/** With its index: everything that ever went out would be looked through for the few rows that did not. */
const UNSENT = `outbox INDEXED BY outbox_unsent WHERE state IN ('queued', 'failed')`
const UNSENT_COLUMNS = `${COLUMNS}, kind, settled_at, error_code, error_message`

/** What goes out, and what became of it. Sent texts stay, because a phone may ask for one again. */
export class OutboxStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  insert(row: NewOutboxRow): void {
    this.#database
      .prepare(
        `INSERT INTO outbox (message_id, remote_id, conversation, chat, chat_kind, kind, turn, after_inbox, text, prefix_length,
           state, queued_at, quotes)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'queued', ?, ?)`,
      )
      .run(
        row.localId,
        row.remoteId,
        row.conversation.id,
        row.chat.address,
        row.chat.kind,
        row.kind,
        row.turn,
        row.afterInbox,
        row.text,
        row.prefixLength,
        row.queuedAt,
        row.quotes,
      )
  }

  /** Oldest first, without those of `waiting` conversations. */
  queued(limit: number, waiting: readonly number[]): OutboxRow[] {
    if (waiting.length === 0) {
      return this.#all(
        `SELECT ${COLUMNS} FROM outbox WHERE state = 'queued' ORDER BY sequence LIMIT ?`,
        limit,
      )
    }
    return this.#all(
      `SELECT ${COLUMNS} FROM outbox WHERE state = 'queued'
         AND conversation NOT IN (SELECT value FROM json_each(?)) ORDER BY sequence LIMIT ?`,
      JSON.stringify(waiting),
      limit,
    )
  }

  queuedConversations(): number[] {
    const rows = this.#database
      .prepare(`SELECT DISTINCT conversation FROM outbox WHERE state = 'queued'`)
      .all()
    return (rows as { conversation: number }[]).map(({ conversation }) => conversation)
  }

  queuedOf(conversation: number): OutboxRow[] {
    return this.#all(
      // The index of what is queued: a conversation's whole past may be long.
      `SELECT ${COLUMNS} FROM outbox INDEXED BY outbox_queued
       WHERE state = 'queued' AND conversation = ? ORDER BY sequence`,
      conversation,
    )
  }

  /** As `queuedOf`, without sentences of the daemon's own. */
  queuedRepliesOf(conversation: number): OutboxRow[] {
    return this.#all(
      `SELECT ${COLUMNS} FROM outbox INDEXED BY outbox_queued
       WHERE state = 'queued' AND conversation = ? AND kind = 'reply' ORDER BY sequence`,
      conversation,
    )
  }

  ofTurn(turn: string): OutboxRow[] {
    return this.#all(`SELECT ${COLUMNS} FROM outbox WHERE turn = ? ORDER BY sequence`, turn)
  }

  /** As `ofTurn`, without sentences of the daemon's own. */
  repliesOfTurn(turn: string): OutboxRow[] {
    return this.#all(
      `SELECT ${COLUMNS} FROM outbox WHERE turn = ? AND kind = 'reply' ORDER BY sequence`,
      turn,
    )
  }

  find(localId: string): OutboxRow | undefined {
    return this.#all(`SELECT ${COLUMNS} FROM outbox WHERE message_id = ?`, localId)[0]
  }

  findRemote(remoteId: string): OutboxRow | undefined {
    return this.#all(`SELECT ${COLUMNS} FROM outbox WHERE remote_id = ?`, remoteId)[0]
  }

  setRemoteId(sequence: number, remoteId: string): void {
    this.#database.prepare('UPDATE outbox SET remote_id = ? WHERE sequence = ?').run(remoteId, sequence)
  }

  /** `null`: nothing of it went out, for certain. */
  setUnsettled(sequence: number, since: number | null): void {
    this.#database.prepare('UPDATE outbox SET unsettled_since = ? WHERE sequence = ?').run(since, sequence)
  }

  /** Oldest first: queued messages that went out, and of which nothing is known. */
  unsettled(): OutboxRow[] {
    return this.#all(
      `SELECT ${COLUMNS} FROM outbox INDEXED BY outbox_queued
       WHERE state = 'queued' AND unsettled_since IS NOT NULL ORDER BY sequence`,
    )
  }

  setState(sequence: number, state: OutboxState, at: number): void {
    this.#database
      .prepare(`UPDATE outbox SET state = ?, settled_at = COALESCE(settled_at, ?) WHERE sequence = ?`)
      .run(state, at, sequence)
  }

  fail(sequence: number, failure: SendFailure, at: number): void {
    this.#database
      .prepare(
        `UPDATE outbox SET state = 'failed', error_code = ?, error_message = ?, settled_at = ? WHERE sequence = ?`,
      )
      .run(failure.code, failure.message, at, sequence)
  }

  /** Newest first, before the row `before`. */
  unsent(states: readonly UnsentRow['state'][], before: number, limit: number): UnsentRow[] {
    // The columns of `UnsentRow`, which only this class writes.
    return this.#database
      .prepare(
        `SELECT ${UNSENT_COLUMNS} FROM ${UNSENT}
         AND state IN (SELECT value FROM json_each(?)) AND sequence < ? ORDER BY sequence DESC LIMIT ?`,
      )
      .all(JSON.stringify(states), before, limit) as UnsentRow[]
  }

  findUnsent(messageId: string): UnsentRow | undefined {
    return this.#database
      .prepare(`SELECT ${UNSENT_COLUMNS} FROM outbox WHERE message_id = ? AND state IN ('queued', 'failed')`)
      .get(messageId) as UnsentRow | undefined
  }

  countOf(state: UnsentRow['state']): number {
    const row = this.#database.prepare(`SELECT COUNT(*) AS rows FROM ${UNSENT} AND state = ?`).get(state)
    // The column asked for.
    return (row as { rows: number }).rows
  }

  /** Back to the place it had in its conversation. */
  requeue(sequence: number): void {
    this.#database
      .prepare(
        `UPDATE outbox SET state = 'queued', attempts = 0, unsettled_since = NULL, error_code = NULL, error_message = NULL, settled_at = NULL
         WHERE sequence = ?`,
      )
      .run(sequence)
  }

  /** The row stays, so that its id is never used again; its text goes. */
  discard(sequence: number, at: number): void {
    this.#database
      .prepare(
        `UPDATE outbox SET state = 'discarded', text = '', prefix_length = 0, settled_at = ? WHERE sequence = ?`,
      )
      .run(at, sequence)
  }

  /** What the account's owner made of a message on the phone; an older change does not undo a newer one. */
  edit(sequence: number, text: string, at: number): void {
    this.#database
      .prepare(
        `UPDATE outbox SET text = ?1, prefix_length = 0, edited_at = ?2
         WHERE sequence = ?3 AND text != '' AND COALESCE(edited_at, 0) <= ?2`,
      )
      .run(text, at, sequence)
  }

  /** Its text goes. */
  erase(sequence: number, at: number): void {
    this.#database
      .prepare(`UPDATE outbox SET text = '', prefix_length = 0, edited_at = ? WHERE sequence = ?`)
      .run(at, sequence)
  }

  addAttempt(sequence: number): void {
    this.#database.prepare(`UPDATE outbox SET attempts = attempts + 1 WHERE sequence = ?`).run(sequence)
  }

  /** When the newest `limit` messages went out, newest first. */
  recentSends(limit: number): number[] {
    const rows = this.#database
      .prepare(
        `SELECT settled_at FROM outbox WHERE state IN ('acknowledged', 'delivered', 'read')
         ORDER BY sequence DESC LIMIT ?`,
      )
      .all(limit)
    return (rows as { settled_at: number }[]).map(({ settled_at }) => settled_at)
  }

  #all(sql: string, ...parameters: (string | number)[]): OutboxRow[] {
    // The shape of COLUMNS, which only this class writes.
    return this.#database.prepare(sql).all(...parameters)
  }
}
