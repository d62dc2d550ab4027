import type { Database } from '../../storage/database/database.ts'

/** The same sender is reported again after this. */
const REPORT_AGAIN_MS = 24 * 3_600_000
const MAX_SENDERS = 1_000

/** Remembers which senders were reported as blocked, so that a stranger who keeps writing is reported once. */
export class BlockedSenders {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** True when it is to be reported now; remembered then. `sender` is a number, or an address while there is none. */
  shouldReport(sender: string, reason: string, now: number): boolean {
    // The columns asked for.
    const row = this.#database
      .prepare('SELECT reason, reported_at FROM blocked_senders WHERE sender = ?')
      .get(sender) as { reason: string; reported_at: number } | undefined
    const known =
      row !== undefined && row.reason === reason && Math.abs(now - row.reported_at) < REPORT_AGAIN_MS
    if (known) return false
    this.#database.transaction(() => {
      this.#database
        .prepare('INSERT OR REPLACE INTO blocked_senders (sender, reason, reported_at) VALUES (?, ?, ?)')
        .run(sender, reason, now)
      this.#database
        .prepare(
          `DELETE FROM blocked_senders WHERE sender IN
             (SELECT sender FROM blocked_senders ORDER BY reported_at DESC LIMIT -1 OFFSET ?)`,
        )
        .run(MAX_SENDERS)
    })
    return true
  }

  /** Forgets those who may write now: when they are removed again, that is news again. */
  forget(allowed: (sender: string) => boolean): void {
    const rows = this.#database.prepare('SELECT sender FROM blocked_senders').all()
    for (const { sender } of rows as { sender: string }[]) {
      if (allowed(sender)) this.#database.prepare('DELETE FROM blocked_senders WHERE sender = ?').run(sender)
    }
  }
}
