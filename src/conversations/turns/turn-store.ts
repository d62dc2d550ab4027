import type { ChatKind, ChatReference } from '../../messaging/chat-reference.ts'
import type { Database } from '../../storage/database/database.ts'
import { CONVERSATION_NAME } from '../store/conversation-store.ts'

export type TurnOutcome = 'answered' | 'silent' | 'failed' | 'cancelled'

export interface TurnRow {
  sequence: number
  id: string
  /** The conversation's id, and what people call it (`Conversation`). */
  conversation: number
  conversation_name: string
  chat: string
  chat_kind: ChatKind
  /** Paragraphs that are in the outbox already, from before a crash. */
  paragraphs_out: number
  /** Milliseconds since 1970. */
  opened_at: number
}

/** Where the answer goes. */
export function chatOf({ chat, chat_kind }: Pick<TurnRow, 'chat' | 'chat_kind'>): ChatReference {
  return { kind: chat_kind, address: chat }
}

const COLUMNS = `sequence, id, conversation, ${CONVERSATION_NAME}, chat, chat_kind, paragraphs_out, opened_at`

/** What is being answered: one open turn a conversation, or one for each of those that were merged into it. */
export class TurnStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  open(turn: { id: string; conversation: number; chat: string; chatKind: string; openedAt: number }): void {
    this.#database
      .prepare(
        `INSERT INTO turns (id, conversation, chat, chat_kind, state, opened_at) VALUES (?, ?, ?, ?, 'open', ?)`,
      )
      .run(turn.id, turn.conversation, turn.chat, turn.chatKind, turn.openedAt)
  }

  /** All open turns, oldest first. */
  openTurns(): TurnRow[] {
    // The shape of COLUMNS, which only `open` writes.
    return this.#database.prepare(`SELECT ${COLUMNS} FROM turns WHERE state = 'open' ORDER BY sequence`).all()
  }

  /** The oldest open turn of a conversation that is not among the `busy` ones. */
  nextOpen(busy: readonly number[]): TurnRow | undefined {
    // As above.
    return this.#database
      .prepare(
        `SELECT ${COLUMNS} FROM turns
         WHERE state = 'open' AND conversation NOT IN (SELECT value FROM json_each(?)) ORDER BY sequence LIMIT 1`,
      )
      .get(JSON.stringify(busy)) as TurnRow | undefined
  }

  openConversations(): number[] {
    const rows = this.#database.prepare(`SELECT DISTINCT conversation FROM turns WHERE state = 'open'`).all()
    return (rows as { conversation: number }[]).map(({ conversation }) => conversation)
  }

  /** The open turns of a conversation, oldest first. */
  openTurnsOf(conversation: number): TurnRow[] {
    // As above.
    return this.#database
      .prepare(`SELECT ${COLUMNS} FROM turns WHERE conversation = ? AND state = 'open' ORDER BY sequence`)
      .all(conversation)
  }

  /** Remembers that the person is told to wait; false when they were told, or something of the answer is out. */
  takeWaitingLine(id: string): boolean {
    const { changes } = this.#database
      .prepare(
        `UPDATE turns SET waiting_line = 1
         WHERE id = ? AND state = 'open' AND waiting_line = 0 AND paragraphs_out = 0`,
      )
      .run(id)
    return changes > 0
  }

  isOpen(id: string): boolean {
    return this.#database.prepare(`SELECT 1 FROM turns WHERE id = ? AND state = 'open'`).get(id) !== undefined
  }

  addParagraphs(id: string, paragraphs: number): void {
    this.#database
      .prepare(`UPDATE turns SET paragraphs_out = paragraphs_out + ? WHERE id = ?`)
      .run(paragraphs, id)
  }

  /** It begins anew under another id, with the messages it has: nothing of its answer is out; the line that it takes long may be. */
  renew(id: string, as: string): void {
    this.#database
      .prepare(
        `UPDATE turns SET id = ?1, paragraphs_out = 0, waiting_line = EXISTS (
           SELECT 1 FROM outbox WHERE turn = ?2 AND kind = 'notice' AND state NOT IN ('failed', 'discarded'))
         WHERE id = ?2`,
      )
      .run(as, id)
    this.#database.prepare(`UPDATE inbox SET turn = ? WHERE turn = ?`).run(as, id)
  }

  /** False when it was not open any more. `memory`: who was asked (`memoryKey`). */
  finish(
    id: string,
    outcome: TurnOutcome,
    { at, memory = null }: { at: number; memory?: string | null },
  ): boolean {
    const result = this.#database
      .prepare(
        `UPDATE turns SET state = ?, finished_at = ?, agent = iif(agent = '', NULL, ?) WHERE id = ? AND state = 'open'`,
      )
      .run(outcome, at, memory, id)
    return result.changes > 0
  }
}
