import type { Database } from '../../storage/database/database.ts'
import { FIRST_SESSION } from '../store/conversation-store.ts'
import { isPaused } from '../takeover/hold.ts'
import { HoldStore } from '../takeover/hold-store.ts'
import type { Forgotten } from './forgotten.ts'

/** In every statement `?1` is the conversation or `NULL`, and `?2` the people; `?3` and `?4` the rows that were found. */
const PEOPLE = '(SELECT value FROM json_each(?2))'
const INBOX = '(SELECT value FROM json_each(?3))'
const OUTBOX = '(SELECT value FROM json_each(?4))'

/** Everything in the conversation, and what one of the people wrote in others. */
const FIND_INBOX = `
  SELECT sequence FROM inbox WHERE conversation = ?1
  UNION SELECT sequence FROM inbox WHERE author = 'person' AND sender IN ${PEOPLE}`
/** What went out there, and what answered these people elsewhere: an answer may repeat what it was asked. */
const FIND_OUTBOX = `
  SELECT sequence FROM outbox WHERE conversation = ?1
  UNION SELECT sequence FROM outbox WHERE turn IN
    (SELECT turn FROM inbox WHERE turn IS NOT NULL AND sequence IN (${FIND_INBOX}))`

/** In this order: each is found by what the later ones erase. */
const ERASE = [
  // Their words in the mouths of others.
  `UPDATE inbox SET quoted_text = NULL, quoted_what = NULL, quoted_author = NULL
   WHERE (quoted_author IN ${PEOPLE} OR (target_id IS NOT NULL AND (conversation, target_id) IN
     (SELECT conversation, message_id FROM inbox WHERE sequence IN ${INBOX}
      UNION SELECT conversation, remote_id FROM outbox WHERE sequence IN ${OUTBOX})))`,
  `UPDATE outbox SET quotes = NULL WHERE quotes IN ${INBOX}`,
  `DELETE FROM reactions WHERE inbox IN ${INBOX}`,
  `DELETE FROM outbox WHERE conversation = ?1 OR sequence IN ${OUTBOX}`,
  `DELETE FROM inbox WHERE conversation = ?1 OR sequence IN ${INBOX}`,
  `DELETE FROM chosen_agents WHERE conversation = ?1 OR person IN ${PEOPLE}`,
  `DELETE FROM chosen_models WHERE conversation = ?1 OR person IN ${PEOPLE}`,
  `DELETE FROM held WHERE address IN ${PEOPLE} OR alternate IN ${PEOPLE}`,
  `DELETE FROM blocked_senders WHERE sender IN ${PEOPLE}`,
  `DELETE FROM pairing WHERE person IN ${PEOPLE} OR address IN ${PEOPLE}`,
  ...['turns', 'notices', 'contact_fields', 'conversation_aliases', 'sent_requests'].map(
    (table) => `DELETE FROM ${table} WHERE conversation = ?1`,
  ),
]
const ERASE_CONVERSATION = [
  'DELETE FROM conversation_addresses WHERE conversation = ?1',
  'DELETE FROM conversations WHERE id = ?1',
]
/** The addresses stay, and who holds the chat. With the session of a new conversation: no agent knows it. */
const BARE_CONVERSATION = `
  UPDATE conversations SET title = NULL, waits_since = NULL, waits_for = NULL, unread = 0, last_at = NULL, context_after = 0,
    session = ${FIRST_SESSION} WHERE id = ?1`

/** What is stored of somebody who is to be forgotten. */
export interface ForgottenCount {
  /** Theirs, and what answered them. */
  messages: number
  files: number
  /** Groups in which they wrote. */
  groups: number
}

/**
 * The rows in which somebody's words are, in the tables of conversations; found once, when this is made. Every method that writes runs
 * inside of the caller's transaction.
 */
export class ForgottenRows {
  readonly #database: Database
  readonly #who: Forgotten
  /** Of theirs. */
  #inbox: readonly number[] = []
  /** Of answers to them. */
  #outbox: readonly number[] = []

  constructor(database: Database, who: Forgotten) {
    this.#database = database
    this.#who = who
    this.#inbox = this.#sequences(FIND_INBOX)
    this.#outbox = this.#sequences(FIND_OUTBOX)
  }

  count(): ForgottenCount {
    const row = this.#all(
      `SELECT (SELECT COUNT(*) FROM media WHERE state = 'stored' AND (inbox IN ${INBOX}
           OR outbox IN (SELECT message_id FROM outbox WHERE sequence IN ${OUTBOX}))) AS files,
         (SELECT COUNT(DISTINCT conversation) FROM inbox
           WHERE chat_kind = 'group' AND conversation IS NOT ?1 AND sequence IN ${INBOX}) AS groups`,
    )[0] as Omit<ForgottenCount, 'messages'>
    return { messages: this.#inbox.length + this.#outbox.length, ...row }
  }

  /** Whether anything is stored that names one of these people, or is in the conversation. */
  get isKnown(): boolean {
    if (this.#who.conversation !== null || this.#inbox.length > 0) return true
    const rows = this.#all(
      `SELECT 1 FROM held WHERE address IN ${PEOPLE} OR alternate IN ${PEOPLE}
       UNION ALL SELECT 1 FROM pairing WHERE person IN ${PEOPLE} OR address IN ${PEOPLE}
       UNION ALL SELECT 1 FROM blocked_senders WHERE sender IN ${PEOPLE}
       UNION ALL SELECT 1 FROM inbox WHERE quoted_author IN ${PEOPLE}
       UNION ALL SELECT 1 FROM chosen_agents WHERE person IN ${PEOPLE}
       UNION ALL SELECT 1 FROM chosen_models WHERE person IN ${PEOPLE} LIMIT 1`,
    )
    return rows.length > 0
  }

  /** Inbox rows with files. */
  get inboxWithFiles(): number[] {
    const rows = this.#all(`SELECT DISTINCT inbox AS value FROM media WHERE inbox IN ${INBOX}`)
    // The column asked for.
    return (rows as { value: number }[]).map(({ value }) => value)
  }

  /** Of what went out. */
  get localIds(): string[] {
    const rows = this.#all(`SELECT message_id AS value FROM outbox WHERE sequence IN ${OUTBOX}`)
    // The column asked for.
    return (rows as { value: string }[]).map(({ value }) => value)
  }

  /** Other conversations in which something of these people waits for an answer, or an answer to them waits to go out. */
  get busyElsewhere(): number[] {
    const rows = this.#all(
      `SELECT conversation AS value FROM inbox WHERE conversation IS NOT ?1 AND sequence IN ${INBOX}
         AND (state = 'pending' OR turn IN (SELECT id FROM turns WHERE state = 'open'))
       UNION SELECT conversation FROM outbox WHERE conversation IS NOT ?1 AND state = 'queued' AND sequence IN ${OUTBOX}`,
    )
    // The column asked for.
    return (rows as { value: number }[]).map(({ value }) => value)
  }

  /** Whether this row of the inbox is theirs. */
  isTheirs({ sequence }: { sequence: number }): boolean {
    return this.#inbox.includes(sequence)
  }

  /** Whether this row of the outbox answers them. */
  answersThem({ sequence }: { sequence: number }): boolean {
    return this.#outbox.includes(sequence)
  }

  /**
   * Where the assistant is switched off or somebody holds the chat at this time (milliseconds since 1970) a row of the conversation stays,
   * with nothing in it: the assistant must not begin to answer there.
   */
  erase(now: number): void {
    for (const sql of ERASE) this.#all(sql)
    const { conversation } = this.#who
    if (conversation === null) return
    const hold = new HoldStore(this.#database).of(conversation.id)
    if (hold.offSince !== null || isPaused(hold, now)) this.#all(BARE_CONVERSATION)
    else for (const sql of ERASE_CONVERSATION) this.#all(sql)
  }

  #sequences(sql: string): number[] {
    // The column asked for.
    return (this.#all(sql) as { sequence: number }[]).map(({ sequence }) => sequence)
  }

  /** With as many parameters as the statement has. */
  #all(sql: string): unknown[] {
    const { conversation, people } = this.#who
    const parameters = [
      conversation?.id ?? null,
      JSON.stringify(people),
      JSON.stringify(this.#inbox),
      JSON.stringify(this.#outbox),
    ]
    const count = Math.max(...[...sql.matchAll(/\?(\d)/g)].map(([, number]) => Number(number)))
    return this.#database.prepare(sql).all(...parameters.slice(0, count))
  }
}
