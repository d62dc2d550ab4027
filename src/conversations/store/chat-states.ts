import type { Database } from '../../storage/database/database.ts'

/** Where a chat begins for agents. */
export interface ChatState {
  /** How often somebody began afresh, from 1. */
  session: number
  /** The inbox row of the last time; what is said up to it is no context of an agent any more. 0 for none. */
  contextAfter: number
}

const INITIAL: ChatState = { session: 1, contextAfter: 0 }

/** How often people began afresh in each conversation. Every method that writes runs inside of the caller's transaction. */
export class ChatStates {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  of(conversation: number): ChatState {
    // The columns asked for.
    const row = this.#database
      .prepare('SELECT session, context_after AS contextAfter FROM conversations WHERE id = ?')
      .get(conversation) as ChatState | undefined
    return row ?? INITIAL
  }

  /** What is said up to this inbox row is forgotten by agents. */
  beginAfresh(conversation: number, inbox: number): void {
    this.#database
      .prepare('UPDATE conversations SET session = session + 1, context_after = ? WHERE id = ?')
      .run(inbox, conversation)
  }
}
