import type { SenderIdentity } from '../../messaging/identity.ts'
import type { IncomingMessage } from '../../messaging/incoming-message.ts'
import type { Database } from '../../storage/database/database.ts'
import { type FormerMessage, fromFormer } from './former-message.ts'
import { withinBounds } from './within-bounds.ts'

const HOUR_MS = 3_600_000
/** How long the number behind a sender may take to become known. */
const HOLD_MS = HOUR_MS
/** The same where the sender says that they are somebody who is allowed: WhatsApp may be away for a night. */
const HOLD_CLAIM_MS = 24 * HOUR_MS
/** A message costs its length, and this at least. */
const MIN_COST = 4_096
const MAX_COST = 8 * 1024 * 1024
const MAX_COST_PER_SENDER = 1024 * 1024

/** A message with its row. */
export interface HeldMessage {
  sequence: number
  message: IncomingMessage
}

/** A sender, and what their messages say of them (`IdentityClaim.alternate`). */
export interface HeldSender {
  address: string
  alternate: string | undefined
}

/**
 * Messages of senders whose number is not known yet. Bounded, and deleted with their text when time is up. Who fills the
 * room loses their own oldest ones first: before those of a sender with less, and always before those of a sender who
 * says that they are somebody who is allowed.
 */
export class HeldMessages {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** How many messages had to go, perhaps this one. One that is held already stays as it is. */
  hold(message: IncomingMessage, now: number): number {
    const { sender, id, content } = message
    const json = JSON.stringify(message)
    return this.#database.transaction(() => {
      this.expire(now)
      this.#database
        .prepare(
          `INSERT INTO held (address, message_id, kind, message, expires_at, alternate, priority, cost)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
        )
        .run(
          sender.address,
          id,
          content.kind,
          json,
          now + (sender.claim === undefined ? HOLD_MS : HOLD_CLAIM_MS),
          sender.claim?.alternate ?? null,
          priorityOf(sender),
          Math.max(json.length, MIN_COST),
        )
      return this.#makeRoom(sender.address)
    })
  }

  /** What this address wrote and is still held, oldest first. What cannot be read, or taken in, is deleted. */
  of(address: string, now: number): HeldMessage[] {
    const rows = this.#database
      .prepare('SELECT sequence, message FROM held WHERE address = ? AND expires_at > ? ORDER BY sequence')
      // The columns asked for.
      .all(address, now) as { sequence: number; message: string }[]
    return rows.flatMap(({ sequence, message: json }) => {
      const message = revive(json, new Date(now))
      if (message === null) this.delete(sequence)
      return message === null ? [] : [{ sequence, message }]
    })
  }

  delete(sequence: number): void {
    this.#database.prepare('DELETE FROM held WHERE sequence = ?').run(sequence)
  }

  deleteAll(): void {
    this.#database.prepare('DELETE FROM held').run()
  }

  senders(): HeldSender[] {
    const rows = this.#database.prepare('SELECT DISTINCT address, alternate FROM held').all()
    // The columns asked for.
    return (rows as { address: string; alternate: string | null }[]).map(({ address, alternate }) => ({
      address,
      alternate: alternate ?? undefined,
    }))
  }

  expire(now: number): void {
    const due = this.#database.prepare('SELECT 1 FROM held WHERE expires_at <= ? LIMIT 1').get(now)
    if (due === undefined) return
    this.#database.transaction(() => {
      this.#database.prepare('DELETE FROM held WHERE expires_at <= ?').run(now)
    })
  }

  #makeRoom(address: string): number {
    let dropped = 0
    while (this.#costOf(address) > MAX_COST_PER_SENDER) dropped += this.#dropOldest(address)
    while (this.#cost() > MAX_COST) dropped += this.#dropOldest(this.#heaviest())
    return dropped
  }

  #cost(): number {
    const row = this.#database.prepare('SELECT COALESCE(SUM(cost), 0) AS cost FROM held').get()
    return (row as { cost: number }).cost
  }

  #costOf(address: string): number {
    const row = this.#database
      .prepare('SELECT COALESCE(SUM(cost), 0) AS cost FROM held WHERE address = ?')
      .get(address)
    return (row as { cost: number }).cost
  }

  /** Of those with the lowest priority the sender whose messages take the most room. */
  #heaviest(): string {
    const row = this.#database
      .prepare(
        `SELECT address FROM held GROUP BY address
         ORDER BY MAX(priority), SUM(cost) DESC, MIN(sequence) LIMIT 1`,
      )
      .get()
    return (row as { address: string }).address
  }

  #dropOldest(address: string): number {
    return this.#database
      .prepare(
        'DELETE FROM held WHERE sequence = (SELECT sequence FROM held WHERE address = ? ORDER BY priority, sequence LIMIT 1)',
      )
      .run(address).changes
  }
}

/** Nothing known · says to be somebody else than is known · says who they are, and nothing speaks against it. */
function priorityOf({ claim, conflict }: SenderIdentity): number {
  if (claim === undefined) return 0
  return conflict ? 1 : 2
}

type Stored<Message extends { sentAt: unknown }> = Omit<Message, 'sentAt'> & { sentAt: string }

/** Within today's bounds, which an earlier version did not have. */
function revive(json: string, now: Date): IncomingMessage | null {
  try {
    // Written by `hold` alone, of this version or an earlier one; JSON keeps everything of it but the date.
    const stored = JSON.parse(json) as Stored<IncomingMessage> | Stored<FormerMessage>
    const message = 'chatKind' in stored ? fromFormer(stored) : stored
    return withinBounds({ ...message, sentAt: new Date(message.sentAt) }, now)
  } catch {
    return null
  }
}
