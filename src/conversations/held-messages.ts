import type { IncomingMessage } from '../accounts/transport.ts'
import type { Database } from '../storage/database.ts'

/** How long the number behind a LID may take to become known. */
const HOLD_MS = 3_600_000
const MAX_HELD = 200
const MAX_HELD_PER_SENDER = 20

/** Messages of senders whose number is not known yet. Bounded, and deleted with their text when time is up. */
export class HeldMessages {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** True when it is held now or was already; false when there is no room. */
  hold(message: IncomingMessage, now: number): boolean {
    const { address } = message.sender
    return this.#database.transaction(() => {
      this.expire(now)
      const counts = this.#database
        .prepare('SELECT COUNT(*) AS held, COALESCE(SUM(address = ?), 0) AS own FROM held')
        // The columns asked for.
        .get(address) as { held: number; own: number }
      if (counts.held >= MAX_HELD || counts.own >= MAX_HELD_PER_SENDER) return false
      this.#database
        .prepare(
          `INSERT INTO held (address, message_id, kind, message, expires_at) VALUES (?, ?, ?, ?, ?)
           ON CONFLICT DO NOTHING`,
        )
        .run(address, message.id, message.content.kind, JSON.stringify(message), now + HOLD_MS)
      return true
    })
  }

  /** What this address wrote and is still held, oldest first. */
  of(address: string, now: number): IncomingMessage[] {
    const rows = this.#database
      .prepare('SELECT message FROM held WHERE address = ? AND expires_at > ? ORDER BY sequence')
      .all(address, now)
    return (rows as { message: string }[]).map(({ message }) => revive(message))
  }

  delete(address: string): void {
    this.#database.prepare('DELETE FROM held WHERE address = ?').run(address)
  }

  addresses(): string[] {
    const rows = this.#database.prepare('SELECT DISTINCT address FROM held').all()
    return (rows as { address: string }[]).map(({ address }) => address)
  }

  expire(now: number): void {
    const due = this.#database.prepare('SELECT 1 FROM held WHERE expires_at <= ? LIMIT 1').get(now)
    if (due === undefined) return
    this.#database.transaction(() => {
      this.#database.prepare('DELETE FROM held WHERE expires_at <= ?').run(now)
    })
  }
}

function revive(json: string): IncomingMessage {
  // Written by `hold` alone; JSON keeps everything of it but the date.
  const message = JSON.parse(json) as Omit<IncomingMessage, 'sentAt'> & { sentAt: string }
  return { ...message, sentAt: new Date(message.sentAt) }
}
