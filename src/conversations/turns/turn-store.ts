import type { ChatKind, ChatReference } from '../../messaging/chat-reference.ts'
import type { Database } from '../../storage/database/database.ts'

export type TurnOutcome = 'answered' | 'silent' | 'failed' | 'cancelled'

export interface TurnRow {
  sequence: number
  id: string
  conversation: string
  chat: string
  chat_kind: ChatKind
  /** Paragraphs that are in the outbox already, from before a crash. */
  paragraphs_out: number
}

/** Where the answer goes. */
export function chatOf({ chat, chat_kind }: Pick<TurnRow, 'chat' | 'chat_kind'>): ChatReference {
  return { kind: chat_kind, address: chat }
}

const COLUMNS = 'sequence, id, conversation, chat, chat_kind, paragraphs_out'

/** What is being answered: at most one open turn a conversation. */
export class TurnStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  open(turn: { id: string; conversation: string; chat: string; chatKind: string; openedAt: number }): void {
    this.#database
      .prepare(
        `INSERT INTO turns (id, conversation, chat, chat_kind, state, opened_at) VALUES (?, ?, ?, ?, 'open', ?)`,
      )
      .run(turn.id, turn.conversation, turn.chat, turn.chatKind, turn.openedAt)
  }

  /** Open turns, oldest first; all of them with `limit` -1. */
  openTurns(limit: number): TurnRow[] {
    // The shape of COLUMNS, which only `open` writes.
    return this.#database
      .prepare(`SELECT ${COLUMNS} FROM turns WHERE state = 'open' ORDER BY sequence LIMIT ?`)
      .all(limit)
  }

  openConversations(): string[] {
    const rows = this.#database.prepare(`SELECT conversation FROM turns WHERE state = 'open'`).all()
    return (rows as { conversation: string }[]).map(({ conversation }) => conversation)
  }

  /** The open turn of a conversation, or `undefined`. */
  openTurnOf(conversation: string): TurnRow | undefined {
    return this.#database
      .prepare(`SELECT ${COLUMNS} FROM turns WHERE conversation = ? AND state = 'open'`)
      .get(conversation) as TurnRow | undefined
  }

  addParagraphs(id: string, paragraphs: number): void {
    this.#database
      .prepare(`UPDATE turns SET paragraphs_out = paragraphs_out + ? WHERE id = ?`)
      .run(paragraphs, id)
  }

  /** It begins anew: nothing of its reply is out. */
  resetParagraphs(id: string): void {
    this.#database.prepare(`UPDATE turns SET paragraphs_out = 0 WHERE id = ?`).run(id)
  }

  /** False when it was not open any more. */
  finish(id: string, outcome: TurnOutcome, finishedAt: number): boolean {
    const result = this.#database
      .prepare(`UPDATE turns SET state = ?, finished_at = ? WHERE id = ? AND state = 'open'`)
      .run(outcome, finishedAt, id)
    return result.changes > 0
  }
}
