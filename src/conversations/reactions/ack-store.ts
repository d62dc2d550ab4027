import type { ChatKind } from '../../messaging/chat-reference.ts'
import type { Database } from '../../storage/database/database.ts'
import { CONVERSATION_NAME } from '../store/conversation-store.ts'
import type { InboxState } from '../store/inbox-store.ts'

export type AckState = 'due' | 'sending' | 'shown' | 'removing' | 'done'

/** `seen` says that an answer comes, `failed` that none does. */
export type ReactionPurpose = 'seen' | 'failed'

/** A reaction with the message that it is to. Times are milliseconds since 1970. */
export interface AckRow {
  inbox: number
  purpose: ReactionPurpose
  emoji: string
  state: AckState
  attempts: number
  message_id: string
  reacted_at: number
  removal_id: string | null
  removed_at: number | null
  conversation: number
  conversation_name: string
  sender: string
  chat: string
  chat_kind: ChatKind
  target_id: string
  address: string | null
  inbox_state: InboxState
  turn: string | null
}

const SELECT = `
  SELECT inbox, purpose, emoji, reactions.state, attempts, reactions.message_id, reacted_at, removal_id, removed_at,
    conversation, ${CONVERSATION_NAME}, sender, chat, chat_kind, inbox.message_id AS target_id, address, inbox.state AS inbox_state, turn
  FROM reactions JOIN inbox ON inbox.sequence = reactions.inbox`

/**
 * The reactions that say "seen", or that an answer failed. Every method that writes runs inside of the caller's transaction; what is `done` stays
 * so, whatever becomes of a send that was under way.
 */
export class AckStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** In the place of an earlier reaction to the same message: a chat shows one of each person. */
  insert(row: {
    inbox: number
    purpose: ReactionPurpose
    emoji: string
    messageId: string
    at: number
  }): void {
    this.#database
      .prepare(
        `INSERT OR REPLACE INTO reactions (inbox, purpose, emoji, state, message_id, reacted_at)
         VALUES (?, ?, ?, 'due', ?, ?)`,
      )
      .run(row.inbox, row.purpose, row.emoji, row.messageId, row.at)
  }

  /** What something is still to be done about, oldest first. */
  open(): AckRow[] {
    // The columns of SELECT, which only this class writes.
    return this.#database.prepare(`${SELECT} WHERE reactions.state != 'done' ORDER BY inbox`).all()
  }

  /** The reaction that went out, or was taken back, under this id. */
  find(messageId: string): AckRow | undefined {
    // As above.
    return this.#database
      .prepare(`${SELECT} WHERE reactions.message_id = ?1 OR removal_id = ?1`)
      .get(messageId) as AckRow | undefined
  }

  setState(inbox: number, state: AckState): void {
    this.#database
      .prepare(`UPDATE reactions SET state = ? WHERE inbox = ? AND state != 'done'`)
      .run(state, inbox)
  }

  /** Left without an answer once more. */
  addAttempt(inbox: number): void {
    this.#database.prepare('UPDATE reactions SET attempts = attempts + 1 WHERE inbox = ?').run(inbox)
  }

  setShown(inbox: number, at: number): void {
    this.#database
      .prepare(`UPDATE reactions SET state = 'shown', sent_at = ? WHERE inbox = ? AND state != 'done'`)
      .run(at, inbox)
  }

  beginRemoval(inbox: number, removalId: string, at: number): void {
    this.#database
      .prepare(
        `UPDATE reactions SET state = 'removing', attempts = 0, removal_id = ?, removed_at = ?
         WHERE inbox = ? AND state != 'done'`,
      )
      .run(removalId, at, inbox)
  }

  setRemoved(inbox: number, at: number): void {
    this.#database
      .prepare(`UPDATE reactions SET state = 'done', removal_sent_at = ? WHERE inbox = ? AND state != 'done'`)
      .run(at, inbox)
  }

  endAll(): void {
    this.#database.prepare(`UPDATE reactions SET state = 'done' WHERE state != 'done'`).run()
  }

  /** When the newest `limit` reactions, and as many removals, went out. */
  recentSends(limit: number): number[] {
    const rows = this.#database
      .prepare('SELECT sent_at, removal_sent_at FROM reactions ORDER BY inbox DESC LIMIT ?')
      .all(limit)
    // The columns asked for.
    return (rows as { sent_at: number | null; removal_sent_at: number | null }[]).flatMap(
      ({ sent_at, removal_sent_at }) => [sent_at, removal_sent_at].filter((at) => at !== null),
    )
  }
}
