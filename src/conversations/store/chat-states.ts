import type { Database } from '../../storage/database/database.ts'

/** What was said of a whole chat by its people or by owners. */
export interface ChatState {
  /** Since when the assistant is silent there, in milliseconds since 1970; `null` while it answers. */
  pausedAt: number | null
  /** How often somebody began afresh, from 1. */
  session: number
  /** The inbox row of the last time; what is said up to it is no context of an agent any more. 0 for none. */
  contextAfter: number
}

const INITIAL: ChatState = { pausedAt: null, session: 1, contextAfter: 0 }

/** The switches of each conversation. Every method that writes runs inside of the caller's transaction. */
export class ChatStates {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  of(conversation: number): ChatState {
    // The columns asked for.
    const row = this.#database
      .prepare(
        'SELECT paused_at AS pausedAt, session, context_after AS contextAfter FROM conversations WHERE id = ?',
      )
      .get(conversation) as ChatState | undefined
    return row ?? INITIAL
  }

  isPaused(conversation: number): boolean {
    return this.of(conversation).pausedAt !== null
  }

  pause(conversation: number, at: number): void {
    this.#database
      .prepare('UPDATE conversations SET paused_at = COALESCE(paused_at, ?) WHERE id = ?')
      .run(at, conversation)
  }

  resume(conversation: number): void {
    this.#database.prepare('UPDATE conversations SET paused_at = NULL WHERE id = ?').run(conversation)
  }

  /** Answers the conversations that were paused. */
  resumeAll(): number[] {
    const rows = this.#database
      .prepare('UPDATE conversations SET paused_at = NULL WHERE paused_at IS NOT NULL RETURNING id')
      .all()
    // The column asked for.
    return (rows as { id: number }[]).map(({ id }) => id)
  }

  /** What is said up to this inbox row is forgotten by agents. */
  beginAfresh(conversation: number, inbox: number): void {
    this.#database
      .prepare('UPDATE conversations SET session = session + 1, context_after = ? WHERE id = ?')
      .run(inbox, conversation)
  }
}
