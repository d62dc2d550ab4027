import type { Database } from '../../storage/database/database.ts'

const DAY_MS = 24 * 3_600_000
/** The same sender is reported again after this. */
const REPORT_AGAIN_MS = DAY_MS
/** How long somebody whom a person does not want to hear of is not reported. */
const IGNORED_MS = 90 * DAY_MS
const MAX_SENDERS = 1_000
/** In the place of the reason for which somebody was reported. */
const IGNORED = 'ignored'

/** Remembers which senders were reported as blocked, so that a stranger who keeps writing is reported once, and whom nobody wants reported. */
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
    const isIgnored = row?.reason === IGNORED
    const ageMs = row === undefined ? Infinity : Math.abs(now - row.reported_at)
    if (isIgnored && ageMs < IGNORED_MS) return false
    if (row?.reason === reason && ageMs < REPORT_AGAIN_MS) return false
    this.#write(sender, reason, now)
    return true
  }

  /** Nothing is reported of this sender for 90 days, or until they may write. Answers with the end of it. */
  ignore(sender: string, now: number): number {
    this.#write(sender, IGNORED, now)
    return now + IGNORED_MS
  }

  isIgnored(sender: string, now: number): boolean {
    const row = this.#database
      .prepare('SELECT 1 FROM blocked_senders WHERE sender = ? AND reason = ? AND abs(? - reported_at) < ?')
      .get(sender, IGNORED, now, IGNORED_MS)
    return row !== undefined
  }

  /** A flood of strangers is no reason to report those again who are ignored: each kind has its own limit. */
  #write(sender: string, reason: string, now: number): void {
    this.#database.transaction(() => {
      this.#database
        .prepare('INSERT OR REPLACE INTO blocked_senders (sender, reason, reported_at) VALUES (?, ?, ?)')
        .run(sender, reason, now)
      this.#database
        .prepare(
          `DELETE FROM blocked_senders WHERE sender IN
             (SELECT sender FROM blocked_senders WHERE (reason = ?) = ? ORDER BY reported_at DESC LIMIT -1 OFFSET ?)`,
        )
        .run(IGNORED, Number(reason === IGNORED), MAX_SENDERS)
    })
  }

  /** Forgets those who may write now: when they are removed again, that is news again. */
  forget(allowed: (sender: string) => boolean): void {
    const rows = this.#database.prepare('SELECT sender FROM blocked_senders').all()
    for (const { sender } of rows as { sender: string }[]) {
      if (allowed(sender)) this.#database.prepare('DELETE FROM blocked_senders WHERE sender = ?').run(sender)
    }
  }
}
