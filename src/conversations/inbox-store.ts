import type { IncomingMessage } from '../accounts/transport.ts'
import type { Database } from '../storage/database.ts'

export type InboxState = 'pending' | 'turn' | 'recorded' | 'skipped' | 'cancelled'

export interface InboxRow {
  sequence: number
  conversation: string
  message_id: string
  chat: string
  chat_kind: 'direct' | 'self'
  sender_name: string | null
  text: string
  target_id: string | null
  quoted_text: string | null
  sent_at: number
  arrival: 'live' | 'offline'
}

const COLUMNS =
  'sequence, conversation, message_id, chat, chat_kind, sender_name, text, target_id, quoted_text, sent_at, arrival'

const INSERT = `
  INSERT INTO inbox (conversation, sender, message_id, kind, chat, chat_kind, sender_name, text, target_id,
    quoted_text, sent_at, received_at, arrival, state)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (conversation, sender, message_id, kind) DO NOTHING`

/** What people wrote. Every method runs inside of the caller's transaction where it writes. */
export class InboxStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** The new row's sequence, or `null` when this message is there already, in whatever form it came before. */
  insert(
    message: IncomingMessage,
    row: { conversation: string; state: InboxState; receivedAt: number },
  ): number | null {
    const { content } = message
    const { text, target, quotedText } = toColumns(content)
    const result = this.#database
      .prepare(INSERT)
      .run(
        row.conversation,
        row.conversation,
        message.id,
        content.kind,
        message.chat,
        message.chatKind,
        message.senderName,
        text,
        target,
        quotedText,
        message.sentAt.getTime(),
        row.receivedAt,
        message.arrival,
        row.state,
      )
    return result.changes > 0 ? Number(result.lastInsertRowid) : null
  }

  /** Whether it came before while its sender's number was unknown, and is filed under the address. */
  hasUnderAddress({ sender, id, content }: IncomingMessage): boolean {
    const { address, phoneNumber } = sender
    if (phoneNumber === null) return false
    return (
      this.#database
        .prepare('SELECT 1 FROM inbox WHERE conversation = ? AND sender = ? AND message_id = ? AND kind = ?')
        .get(address, address, id, content.kind) !== undefined
    )
  }

  /** Oldest first. */
  pending(conversation: string, limit: number): InboxRow[] {
    return this.#all(
      `SELECT ${COLUMNS} FROM inbox WHERE conversation = ? AND state = 'pending' ORDER BY sequence LIMIT ?`,
      conversation,
      limit,
    )
  }

  /** Every conversation with messages that wait for a turn, and how many. */
  pendingCounts(): { conversation: string; waiting: number }[] {
    // The shape of the columns asked for.
    return this.#database
      .prepare(
        `SELECT conversation, COUNT(*) AS waiting FROM inbox WHERE state = 'pending' GROUP BY conversation`,
      )
      .all() as { conversation: string; waiting: number }[]
  }

  /** Oldest first. */
  ofTurn(turn: string): InboxRow[] {
    return this.#all(`SELECT ${COLUMNS} FROM inbox WHERE turn = ? ORDER BY sequence`, turn)
  }

  assign(sequence: number, turn: string): void {
    this.#database.prepare(`UPDATE inbox SET state = 'turn', turn = ? WHERE sequence = ?`).run(turn, sequence)
  }

  settle(sequence: number, state: 'skipped' | 'cancelled'): void {
    this.#database.prepare(`UPDATE inbox SET state = ? WHERE sequence = ?`).run(state, sequence)
  }

  /** Answers how many. */
  cancelPending(conversation: string): number {
    const result = this.#database
      .prepare(`UPDATE inbox SET state = 'cancelled' WHERE conversation = ? AND state = 'pending'`)
      .run(conversation)
    return result.changes
  }

  #all(sql: string, ...parameters: (string | number)[]): InboxRow[] {
    // The shape of COLUMNS, which only `insert` writes.
    return this.#database.prepare(sql).all(...parameters)
  }
}

function toColumns(content: IncomingMessage['content']): {
  text: string
  target: string | null
  quotedText: string | null
} {
  if (content.kind === 'text') {
    return {
      text: content.text,
      target: content.quoted?.id ?? null,
      quotedText: content.quoted?.text ?? null,
    }
  }
  if (content.kind === 'reaction') return { text: content.emoji, target: content.targetId, quotedText: null }
  return { text: content.what, target: null, quotedText: null }
}
