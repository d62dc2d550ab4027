import type { Database } from '../../storage/database/database.ts'
import type { Conversation } from '../store/conversation-store.ts'
import { type Hold, mergedHold, NO_HOLD } from './hold.ts'

type HoldColumns = Omit<Hold, 'followsSetting' | 'by' | 'reason'> & {
  id: number
  by: string | null
  reason: string | null
  followsSetting: 0 | 1
}

const BY: readonly Hold['by'][] = ['phone', 'dashboard', 'api', 'command', 'agent', 'app']
const REASONS: readonly Hold['reason'][] = ['owner_wrote', 'taken_over', 'command']

const SELECT = `
  SELECT id, paused_at AS pausedAt, paused_by AS "by", paused_reason AS reason, paused_until AS "until", renewed_at AS renewedAt,
    follows_setting AS followsSetting, off_since AS offSince, held_from AS heldFrom, held_until AS heldUntil
  FROM conversations WHERE id IN (SELECT value FROM json_each(?))`

const UPDATE = `
  UPDATE conversations SET paused_at = ?, paused_by = ?, paused_reason = ?, paused_until = ?, renewed_at = ?, follows_setting = ?,
    off_since = ?, held_from = ?, held_until = ?
  WHERE id = ?`

/**
 * Messages that will have no answer because somebody takes the chat over now: they wait, are asked in an open turn, or their answer is
 * queued, and nothing of that answer is out.
 */
const MARK_WITHDRAWN = `
  UPDATE inbox SET missed = 1 WHERE author = 'person' AND sent_at > ?2 AND sequence IN (
    SELECT sequence FROM inbox WHERE conversation = ?1 AND state = 'pending'
    UNION ALL SELECT sequence FROM inbox WHERE state = 'turn' AND turn IN (
      SELECT id FROM turns WHERE conversation = ?1 AND state = 'open'
      UNION SELECT turn FROM outbox INDEXED BY outbox_queued WHERE state = 'queued' AND conversation = ?1 AND kind = 'reply' AND author = 'assistant')
    AND NOT EXISTS (SELECT 1 FROM outbox WHERE outbox.turn = inbox.turn AND kind = 'reply'
      AND (attempts > 0 OR state IN ('acknowledged', 'delivered', 'read'))))`

/**
 * Whether an answer to an inbox row goes out by itself, is out, or may be: it left and nothing tells what became of it. What WhatsApp refused
 * is not out.
 */
const HAS_ANSWER = `
  EXISTS (SELECT 1 FROM outbox WHERE outbox.turn = inbox.turn AND outbox.kind = 'reply'
    AND (attempts > 0 OR outbox.state IN ('queued', 'acknowledged', 'delivered', 'read')
      OR (unsettled_since IS NOT NULL AND (outbox.state = 'discarded' OR error_code = 'unconfirmed'))))`

const RELEASE = `
  UPDATE outbox SET withdrawn_at = NULL WHERE sequence IN (
    SELECT outbox.sequence FROM outbox INDEXED BY outbox_queued JOIN inbox ON inbox.turn = outbox.turn
    WHERE outbox.state = 'queued' AND outbox.conversation = ?1 AND withdrawn_at IS NOT NULL
      AND inbox.missed = 1 AND inbox.sent_at >= ?2)`

const ASKED_AFTER = `
  SELECT 1 FROM inbox WHERE conversation = ?1 AND state = 'pending' AND sent_at > ?2
  UNION ALL SELECT 1 FROM inbox WHERE state = 'turn' AND sent_at > ?2
    AND turn IN (SELECT id FROM turns WHERE conversation = ?1 AND state = 'open') LIMIT 1`

/** Who holds each conversation, in the columns of `takeover-schema.ts`. Every method that writes runs inside of the caller's transaction. */
export class HoldStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  of(conversation: number): Hold {
    return this.ofEach([conversation]).get(conversation) ?? NO_HOLD
  }

  /** The same by conversation, as far as there are these. */
  ofEach(conversations: readonly number[]): ReadonlyMap<number, Hold> {
    // The columns of `HoldColumns`, which only this class writes.
    const rows = this.#database.prepare(SELECT).all(JSON.stringify(conversations)) as unknown as HoldColumns[]
    // A row of an earlier version knows nothing but `/pause`, and other programs may have written anything.
    return new Map(
      rows.map(({ id, ...row }) => [
        id,
        {
          ...row,
          by: BY.find((each) => each === row.by) ?? 'command',
          reason: REASONS.find((each) => each === row.reason) ?? 'command',
          followsSetting: row.followsSetting === 1,
        },
      ]),
    )
  }

  set(conversation: number, hold: Hold): void {
    const { pausedAt, by, reason, until, renewedAt, followsSetting, offSince, heldFrom, heldUntil } = hold
    const [storedBy, storedReason] = pausedAt === null ? [null, null] : [by, reason]
    this.#database
      .prepare(UPDATE)
      .run(
        pausedAt,
        storedBy,
        storedReason,
        until,
        renewedAt,
        followsSetting ? 1 : 0,
        offSince,
        heldFrom,
        heldUntil,
        conversation,
      )
  }

  /** Conversations that another app holds. */
  heldByApps(): Conversation[] {
    // The columns asked for.
    return this.#database
      .prepare(`SELECT id, kind, name FROM conversations WHERE paused_at IS NOT NULL AND paused_by = 'app'`)
      .all()
  }

  /** As `mergedHold`; the row of `from` goes after this. */
  merge({ from, into }: { from: number; into: number }): void {
    this.set(into, mergedHold(this.of(into), this.of(from)))
  }

  /** Conversations whose hold is over at this time, with when it was. */
  due(now: number): { conversation: number; until: number }[] {
    // The columns asked for.
    return this.#database
      .prepare(
        `SELECT id AS conversation, paused_until AS "until" FROM conversations WHERE paused_at IS NOT NULL AND paused_until <= ?`,
      )
      .all(now) as { conversation: number; until: number }[]
  }

  /** When the next hold is over; `null` where none ends by itself. */
  nextEnd(): number | null {
    const row = this.#database
      .prepare('SELECT MIN(paused_until) AS next FROM conversations WHERE paused_at IS NOT NULL')
      .get()
    // The column asked for.
    return (row as { next: number | null }).next
  }

  /** The minutes of the config are others. Answers the conversations whose hold ends at another time now. */
  followSetting(lengthMs: number): number[] {
    const rows = this.#database
      .prepare(
        `UPDATE conversations SET paused_until = renewed_at + ?1
         WHERE paused_at IS NOT NULL AND follows_setting = 1 AND paused_until != renewed_at + ?1 RETURNING id`,
      )
      .all(lengthMs)
    // The column asked for.
    return (rows as { id: number }[]).map(({ id }) => id)
  }

  /** Nobody holds anything, nor did. Answers the conversations that this concerns. */
  endAll(): number[] {
    this.#database.prepare('UPDATE inbox SET missed = NULL WHERE missed = 1').run()
    const rows = this.#database
      .prepare(
        `UPDATE conversations SET paused_at = NULL, paused_by = NULL, paused_reason = NULL, paused_until = NULL, renewed_at = NULL,
           follows_setting = 0, off_since = NULL, held_from = NULL, held_until = NULL
         WHERE paused_at IS NOT NULL OR off_since IS NOT NULL OR held_until IS NOT NULL RETURNING id`,
      )
      .all()
    // The column asked for.
    return (rows as { id: number }[]).map(({ id }) => id)
  }

  /** When the owner wrote there last, by the clock of messages; `null` where that is not known. */
  ownerSpokeAt(conversation: number): number | null {
    const row = this.#database
      .prepare(
        `SELECT sent_at AS at FROM inbox WHERE conversation = ? AND author = 'owner' AND kind IN ('text', 'unsupported')
         ORDER BY sequence DESC LIMIT 1`,
      )
      .get(conversation)
    // The column asked for.
    return (row as { at: number } | undefined)?.at ?? null
  }

  /** How many conversations somebody has taken over at this time. */
  count(now: number): number {
    const row = this.#database
      .prepare(
        `SELECT COUNT(*) AS held FROM conversations WHERE paused_at IS NOT NULL AND (paused_until IS NULL OR paused_until > ?)`,
      )
      .get(now)
    // The column asked for.
    return (row as { held: number }).held
  }

  /** This message has no answer because of a hold. */
  markMissed(sequence: number): void {
    this.#database.prepare('UPDATE inbox SET missed = 1 WHERE sequence = ?').run(sequence)
  }

  /** The same for what is about to be taken back, of what was written after this time, by the clock of messages. */
  markWithdrawn(conversation: number, sentAfter = 0): void {
    this.#database.prepare(MARK_WITHDRAWN).run(conversation, sentAfter)
  }

  /** What was missed there is answered, or is not to be. */
  forgetMissed(conversation: number): void {
    this.#database
      .prepare('UPDATE inbox SET missed = NULL WHERE conversation = ? AND missed = 1')
      .run(conversation)
  }

  /** Answers that are still on their way to what was missed, and was sent since then, go on; they go out once, under their ids. */
  release(conversation: number, since: number): void {
    this.#database.prepare(RELEASE).run(conversation, since)
  }

  /** The inbox rows of the newest `limit` messages that have no answer, nor get one, and were sent since then, oldest first. */
  missed(conversation: number, since: number, limit: number): number[] {
    const rows = this.#database
      .prepare(
        `SELECT sequence FROM inbox WHERE conversation = ? AND missed = 1 AND sent_at >= ?
           AND state IN ('skipped', 'cancelled', 'turn') AND NOT ${HAS_ANSWER} ORDER BY sequence DESC LIMIT ?`,
      )
      .all(conversation, since, limit)
    // The column asked for.
    return (rows as { sequence: number }[]).map(({ sequence }) => sequence).toReversed()
  }

  /** Whether something that was written there after this time, by the clock of messages, waits for an answer. */
  isAskedAfter(conversation: number, sentAt: number): boolean {
    const row = this.#database.prepare(ASKED_AFTER).get(conversation, sentAt)
    return row !== undefined
  }
}
