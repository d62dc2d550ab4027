import type { Database } from '../../storage/database/database.ts'

/** What was said in a conversation so far, as far as somebody must know who sends something there. */
export class ContactHistory {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** The last inbox row of a conversation, by its sequence; 0 for none. */
  lastInbox(conversation: number): number {
    const row = this.#database
      .prepare('SELECT MAX(sequence) AS last FROM inbox WHERE conversation = ?')
      .get(conversation)
    // The column asked for.
    return (row as { last: number | null }).last ?? 0
  }

  /** The address of the chat that its last message came in, or went out to; `null` where there was none. */
  lastChat(conversation: number): string | null {
    const row =
      this.#database
        .prepare('SELECT chat FROM inbox WHERE conversation = ? ORDER BY sequence DESC LIMIT 1')
        .get(conversation) ??
      this.#database
        .prepare(
          'SELECT chat FROM outbox WHERE conversation = ? ORDER BY after_inbox DESC, sequence DESC LIMIT 1',
        )
        .get(conversation)
    // The column asked for.
    return (row as { chat: string } | undefined)?.chat ?? null
  }

  /** Whether its person ever wrote, or anything went out to them, or may still. */
  hasContact(conversation: number): boolean {
    if (this.lastInbox(conversation) > 0) return true
    const row = this.#database
      .prepare(`SELECT 1 FROM outbox WHERE conversation = ? AND state NOT IN ('failed', 'discarded') LIMIT 1`)
      .get(conversation)
    return row !== undefined
  }
}
