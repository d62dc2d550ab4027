import type { Database } from '../../storage/database/database.ts'

export type Notice = 'unsupported' | 'failed'

/** The daemon's own sentences: what they say, and how long the same one is not repeated in a conversation. */
const NOTICES: Readonly<Record<Notice, { text: string; quietMs: number }>> = {
  unsupported: { text: 'I can only read text for now.', quietMs: 3_600_000 },
  failed: { text: 'Sorry, I could not answer just now. Please try again in a moment.', quietMs: 600_000 },
}

/** Decides which of the daemon's own sentences is due; a conversation never hears the same one in quick succession. */
export class Notices {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** The sentence, remembered as said; `null` while it was said a short time ago. Inside of the caller's transaction. */
  take(conversation: number, notice: Notice, now: number): string | null {
    const { text, quietMs } = NOTICES[notice]
    // The column asked for.
    const row = this.#database
      .prepare('SELECT sent_at FROM notices WHERE conversation = ? AND notice = ?')
      .get(conversation, notice) as { sent_at: number } | undefined
    if (row !== undefined && Math.abs(now - row.sent_at) < quietMs) return null
    this.#database
      .prepare('INSERT OR REPLACE INTO notices (conversation, notice, sent_at) VALUES (?, ?, ?)')
      .run(conversation, notice, now)
    return text
  }
}
