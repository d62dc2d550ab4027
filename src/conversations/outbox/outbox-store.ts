import type { ChatKind } from '../../messaging/chat-reference.ts'
import type { SendFailure } from '../../messaging/outcome.ts'
import type { Database } from '../../storage/database/database.ts'
import type { MessageAuthor } from '../../access/may-send.ts'
import { UsageStore } from '../usage/usage-store.ts'
import type { NewOutboxRow } from './new-outbox-row.ts'
import { parseContent, type StoredContent } from './stored-content.ts'
import { CONVERSATION_NAME } from '../store/conversation-store.ts'

export type OutboxState = 'queued' | 'acknowledged' | 'delivered' | 'read' | 'failed' | 'discarded'

/** `reply`: words of the assistant's or the owner's; `notice`: the daemon's own sentence; `change`: of another message, which it edits or deletes. */
export type OutboxKind = 'reply' | 'notice' | 'change'

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
  kind: OutboxKind
  /** What is shown, quoted and listed. */
  text: string
  /** JSON (`parseContent`); `null` for what is nothing but its text. */
  content: string | null
  state: OutboxState
  attempts: number
  /** The last inbox row that it answers. */
  after_inbox: number
  /** The inbox row that it quotes. */
  quotes: number | null
  /** The row of this table that it quotes instead. */
  quotes_own: number | null
  /** Milliseconds since 1970. */
  queued_at: number
  /** When it may have gone out, with no answer yet; milliseconds since 1970. */
  unsettled_since: number | null
  /** In whose name it was written. */
  author: MessageAuthor
  /** The id that a program or a dashboard gave the message which it sent; `null` for what answers a turn. */
  client_message_id: string | null
  /** 1 where it goes to somebody whom the config need not allow. */
  is_forced: 0 | 1
  /** When it was acknowledged, or failed; milliseconds since 1970. */
  settled_at: number | null
  /** When somebody took its chat over while it was on its way; milliseconds since 1970. It goes no further. */
  withdrawn_at: number | null
}

/** A row as people look at it. Times are milliseconds since 1970. */
export interface UnsentRow extends OutboxRow {
  state: 'queued' | 'failed'
  error_code: string | null
  error_message: string | null
}

const COLUMNS = `sequence, message_id, remote_id, conversation, ${CONVERSATION_NAME}, chat, chat_kind, kind, text, content, state, attempts,
  after_inbox, quotes, quotes_own, queued_at, unsettled_since, author, client_message_id, is_forced, settled_at, withdrawn_at`
/** With its index: everything that ever went out would be looked through for the few rows that did not. */
const UNSENT = `outbox INDEXED BY outbox_unsent WHERE state IN ('queued', 'failed')`
const QUEUED = `outbox INDEXED BY outbox_queued WHERE state = 'queued'`
const QUEUED_BESIDE = `${QUEUED} AND conversation NOT IN (SELECT value FROM json_each(?))`
/** WhatsApp has the message. */
const OUT: readonly OutboxState[] = ['acknowledged', 'delivered', 'read']
const UNSENT_COLUMNS = `${COLUMNS}, error_code, error_message`

/** What goes out, and what became of it. Sent texts stay, because a phone may ask for one again. */
export class OutboxStore {
  readonly #database: Database
  readonly #usage: UsageStore

  constructor(database: Database) {
    this.#database = database
    this.#usage = new UsageStore(database)
  }

  insert(row: NewOutboxRow): void {
    this.#database
      .prepare(
        `INSERT INTO outbox (message_id, remote_id, conversation, chat, chat_kind, kind, turn, after_inbox, text, content,
           prefix_length, state, queued_at, quotes, quotes_own, author, client_message_id, request_digest, is_forced)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'queued', ?, ?, ?, ?, ?, ?, ?)`,
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
        row.content ? JSON.stringify(row.content) : null,
        row.prefixLength,
        row.queuedAt,
        row.quotes?.isOurs === true ? null : (row.quotes?.sequence ?? null),
        row.quotes?.isOurs === true ? row.quotes.sequence : null,
        row.sent?.author ?? 'assistant',
        row.sent?.clientMessageId ?? null,
        row.sent?.digest ?? null,
        row.sent?.isForced === true ? 1 : 0,
      )
  }

  /** Oldest first, without those of `waiting` conversations; those of conversations in which an answer waits before the others. */
  queued(limit: number, waiting: readonly number[]): OutboxRow[] {
    const others = JSON.stringify(waiting)
    const rows = this.#all(`SELECT ${COLUMNS} FROM ${QUEUED_BESIDE} ORDER BY sequence LIMIT ?`, others, limit)
    // What is sent on request is first: only then is everything that waits looked through.
    if (rows[0]?.client_message_id == null) return rows
    return this.#all(
      `WITH next AS (SELECT sequence, conversation NOT IN (
           SELECT conversation FROM ${QUEUED} AND client_message_id IS NULL) AS is_later
         FROM ${QUEUED_BESIDE} ORDER BY is_later, sequence LIMIT ?)
       SELECT ${COLUMNS} FROM next JOIN outbox USING (sequence) ORDER BY is_later, sequence`,
      others,
      limit,
    )
  }

  /** How many wait that a program or a dashboard sent. */
  countQueuedOfClients(): number {
    const row = this.#database
      .prepare(`SELECT COUNT(*) AS rows FROM ${QUEUED} AND client_message_id IS NOT NULL`)
      .get()
    // The column asked for.
    return (row as { rows: number }).rows
  }

  queuedConversations(): number[] {
    const rows = this.#database.prepare(`SELECT DISTINCT conversation FROM ${QUEUED}`).all()
    return (rows as { conversation: number }[]).map(({ conversation }) => conversation)
  }

  /** The ids of what waits there, oldest first. */
  queuedIdsOf(conversation: number, limit: number): string[] {
    const sql = `SELECT message_id FROM ${QUEUED} AND conversation = ? ORDER BY sequence LIMIT ?`
    return (this.#database.prepare(sql).all(conversation, limit) as { message_id: string }[]).map(
      ({ message_id }) => message_id,
    )
  }

  queuedOf(conversation: number, limit = -1): OutboxRow[] {
    const sql = `SELECT ${COLUMNS} FROM ${QUEUED} AND conversation = ? ORDER BY sequence LIMIT ?`
    return this.#all(sql, conversation, limit)
  }

  /** As `queuedOf`, without sentences of the daemon's own, and without what the owner sent. */
  queuedRepliesOf(conversation: number): OutboxRow[] {
    return this.#all(
      `SELECT ${COLUMNS} FROM ${QUEUED}
       AND conversation = ? AND kind = 'reply' AND author = 'assistant' ORDER BY sequence`,
      conversation,
    )
  }

  /** As `queuedOf`, without what answers no question to the assistant: what a command says at once, and the like. */
  queuedAnswersOf(conversation: number): OutboxRow[] {
    return this.#all(
      `SELECT ${COLUMNS} FROM ${QUEUED}
       AND conversation = ? AND author = 'assistant' AND (kind = 'reply' OR turn IS NOT NULL) ORDER BY sequence`,
      conversation,
    )
  }

  setWithdrawn(sequence: number, at: number): void {
    this.#database
      .prepare('UPDATE outbox SET withdrawn_at = COALESCE(withdrawn_at, ?) WHERE sequence = ?')
      .run(at, sequence)
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

  /** The message of ours with this id of WhatsApp's in a conversation. */
  sequenceOf(conversation: number, remoteId: string): number | null {
    const row = this.findRemote(remoteId)
    return row?.conversation === conversation ? row.sequence : null
  }

  bySequence(sequence: number): OutboxRow | undefined {
    return this.#all(`SELECT ${COLUMNS} FROM outbox WHERE sequence = ?`, sequence)[0]
  }

  /** The message that was sent with this id of the sender's, and what the request was. */
  ofClient(clientMessageId: string): { row: OutboxRow; digest: string | null } | undefined {
    const [row] = this.#all(`SELECT ${COLUMNS} FROM outbox WHERE client_message_id = ?`, clientMessageId)
    if (row === undefined) return undefined
    const found = this.#database
      .prepare('SELECT request_digest FROM outbox WHERE sequence = ?')
      .get(row.sequence)
    // The column asked for.
    return { row, digest: (found as { request_digest: string | null }).request_digest }
  }

  /** Why a row failed; `null` where it did not. */
  failureOf(sequence: number): SendFailure | null {
    const row = this.#database
      .prepare('SELECT error_code AS code, error_message AS message FROM outbox WHERE sequence = ?')
      .get(sequence)
    // The columns asked for.
    const { code, message } = (row ?? { code: null, message: null }) as Record<
      keyof SendFailure,
      string | null
    >
    return code === null ? null : { code, message: message ?? '' }
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
    return this.#all(`SELECT ${COLUMNS} FROM ${QUEUED} AND unsettled_since IS NOT NULL ORDER BY sequence`)
  }

  /** The turn whose answer it belongs to. */
  turnOf(sequence: number): string | null {
    const row = this.#database.prepare('SELECT turn FROM outbox WHERE sequence = ?').get(sequence)
    // The column asked for.
    return (row as { turn: string | null } | undefined)?.turn ?? null
  }

  setContent(sequence: number, content: StoredContent, text: string): void {
    this.#database
      .prepare('UPDATE outbox SET content = ?, text = ? WHERE sequence = ?')
      .run(JSON.stringify(content), text, sequence)
  }

  /** The newest row and this one change their places in the order. */
  swapWithNewest(sequence: number): void {
    const move = this.#database.prepare('UPDATE outbox SET sequence = ? WHERE sequence = ?')
    const row = this.#database.prepare('SELECT MAX(sequence) AS newest FROM outbox').get()
    // The column asked for.
    const { newest } = row as { newest: number }
    move.run(-newest, newest)
    move.run(newest, sequence)
    move.run(sequence, -newest)
  }

  /** The first sign that a message is out counts it, in the month of that. */
  setState(sequence: number, state: OutboxState, at: number): void {
    if (OUT.includes(state) && this.#isUncounted(sequence)) this.#usage.add({ messagesOut: 1 }, at)
    this.#database
      .prepare(`UPDATE outbox SET state = ?, settled_at = COALESCE(settled_at, ?) WHERE sequence = ?`)
      .run(state, at, sequence)
  }

  /** Reactions and changes of other messages are none. */
  #isUncounted(sequence: number): boolean {
    const row = this.#database
      .prepare('SELECT state, kind, content FROM outbox WHERE sequence = ?')
      .get(sequence)
    // The columns asked for.
    const { state, kind, content } = row as { state: OutboxState; kind: OutboxKind; content: string | null }
    if (OUT.includes(state) || kind === 'change') return false
    return content === null || parseContent(content)?.type !== 'reaction'
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

  /** Back to the place it had in its conversation. What WhatsApp did not acknowledge may be out. */
  requeue(sequence: number): void {
    this.#database
      .prepare(
        `UPDATE outbox SET state = 'queued', attempts = 0, withdrawn_at = NULL,
           unsettled_since = CASE error_code WHEN 'unconfirmed' THEN unsettled_since END, error_code = NULL, error_message = NULL, settled_at = NULL
         WHERE sequence = ?`,
      )
      .run(sequence)
  }

  /** The row stays, so that its id is never used again; its text goes. */
  discard(sequence: number, at: number): void {
    this.#database
      .prepare(
        `UPDATE outbox SET state = 'discarded', text = '', content = NULL, prefix_length = 0, settled_at = ? WHERE sequence = ?`,
      )
      .run(at, sequence)
  }

  /** What was made of a message; an older change does not undo a newer one. */
  edit(sequence: number, text: string, at: number, prefixLength = 0): void {
    this.#database
      .prepare(
        `UPDATE outbox SET text = ?1, prefix_length = ?4, edited_at = ?2
         WHERE sequence = ?3 AND text != '' AND COALESCE(edited_at, 0) <= ?2`,
      )
      .run(text, at, sequence, prefixLength)
  }

  /** Its text goes. */
  erase(sequence: number, at: number): void {
    this.#database
      .prepare(
        `UPDATE outbox SET text = '', content = NULL, prefix_length = 0, edited_at = ? WHERE sequence = ?`,
      )
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
