import type { ChatKind, ChatReference } from '../../messaging/chat-reference.ts'
import type { SenderIdentity } from '../../messaging/identity.ts'
import type { Database } from '../../storage/database/database.ts'
import { ContactStore } from '../contact/contact-store.ts'
import { HoldStore } from '../takeover/hold-store.ts'
import { personOf } from './person.ts'

/** Addresses that lead to one conversation; the ones that were used last. */
const MAX_ADDRESSES = 10
/** Former ids that lead to one conversation; the newest ones. */
const MAX_ALIASES = 100

/** A conversation with one person, with the account's owner (`self`), or in a group. */
export interface Conversation {
  /** Stays the same when the number of the person becomes known. */
  id: number
  kind: ChatKind
  /** What people and events call it: the E.164 number of the person where it is known, otherwise an opaque address. */
  name: string
}

/** With which session a conversation begins: higher than any of people who were forgotten. */
export const FIRST_SESSION = 'COALESCE((SELECT session FROM first_session), 1)'

/** For the columns of a row that belongs to a conversation: what people call it; empty where another program took it away. */
export const CONVERSATION_NAME = `COALESCE((SELECT name FROM conversations WHERE id = conversation), '') AS conversation_name`

/** The conversation of a row. */
export function conversationOf(row: {
  conversation: number
  conversation_name: string
  chat_kind: ChatKind
}): Conversation {
  return { id: row.conversation, kind: row.chat_kind, name: row.conversation_name }
}

/** What people chose in a conversation; of two choices of one person the later one counts. */
const CHOICES = [
  {
    table: 'chosen_agents',
    columns: 'agent, last_at',
    replace:
      'ON CONFLICT DO UPDATE SET agent = excluded.agent, last_at = excluded.last_at WHERE excluded.last_at > last_at',
  },
  {
    table: 'chosen_models',
    columns: 'agent, model, last_at',
    replace:
      'ON CONFLICT DO UPDATE SET agent = excluded.agent, model = excluded.model, last_at = excluded.last_at WHERE excluded.last_at > last_at',
  },
] as const

/** Two conversations that turned out to be one: what was in `from` is in `into` now. */
export interface Merge {
  from: number
  into: number
}

/**
 * The conversations and the addresses that lead to them. A conversation has one number at most: a LID that gets another
 * number leads to another conversation from then on. Every method that writes runs inside of the caller's transaction.
 */
export class ConversationStore {
  readonly #database: Database
  readonly #holds: HoldStore

  constructor(database: Database) {
    this.#database = database
    this.#holds = new HoldStore(database)
  }

  /** The id of a conversation that turned out to be another one leads to that one. */
  find(id: number): Conversation | undefined {
    return this.#get(
      `SELECT id, kind, name FROM conversations WHERE id = COALESCE(
         (SELECT conversation FROM conversation_aliases WHERE former = ?1), ?1)`,
      id,
    )
  }

  /** The conversation that this number, or this address of a person or group, leads to. */
  at(address: string): Conversation | undefined {
    return this.#get(
      // By its name too: another program may have taken the address away.
      `SELECT id, kind, name FROM conversations
         WHERE id = (SELECT conversation FROM conversation_addresses WHERE address = ?1)
       UNION ALL SELECT id, kind, name FROM conversations WHERE name = ?1 LIMIT 1`,
      address,
    )
  }

  /** The conversation of this chat, made where there is none. `other`: its other side, whose identity must be proven. */
  of(chat: ChatReference, other: SenderIdentity): Conversation {
    if (chat.kind === 'group') return this.#open(chat.address, chat.kind)
    const conversation = this.#open(personOf(other), chat.kind)
    if (other.address !== conversation.name) this.#lead(other.address, conversation.id)
    return conversation
  }

  /**
   * The number behind an address is known: what was filed under the address is filed under the number, everywhere. The
   * two conversations of this person become one. `null` where nothing was filed under the address.
   */
  numberLearned(address: string, phoneNumber: string): Merge | 'renamed' | null {
    const isFiled = this.#database
      .prepare(`SELECT 1 FROM inbox WHERE sender = ? AND substr(sender, 1, 1) != '+' LIMIT 1`)
      .get(address)
    const former = this.at(address)
    const isNameless = former !== undefined && former.name === address
    if (isFiled === undefined && !isNameless) return null
    const merge = isNameless ? this.#settleName(former.id, address, phoneNumber) : 'renamed'
    this.#renamePerson(address, phoneNumber)
    return merge
  }

  /**
   * The number belongs to somebody else now: what was filed under it is filed under its former owner's address, and whoever has
   * the number begins a new conversation, with a session of its own: an agent that remembers by it would tell them what its former owner said.
   */
  numberLost(phoneNumber: string, formerAddress: string): void {
    const former = this.at(phoneNumber)
    const session = this.#sessionOf(former) + 1
    if (former !== undefined) {
      const other = this.at(formerAddress)
      // A name is one conversation's: that of an address which the number was not known of is older.
      const name =
        other === undefined || other.id === former.id ? formerAddress : `${formerAddress}#${former.id}`
      this.#database.prepare('UPDATE conversations SET name = ? WHERE id = ?').run(name, former.id)
      this.#database.prepare('DELETE FROM conversation_addresses WHERE conversation = ?').run(former.id)
      this.#lead(name, former.id)
      // What is sent again, and a reaction that is taken back, goes by these.
      for (const table of ['outbox', 'inbox'])
        this.#database
          .prepare(`UPDATE ${table} SET chat = ? WHERE conversation = ? AND chat_kind = 'direct'`)
          .run(formerAddress, former.id)
    }
    this.#renamePerson(phoneNumber, formerAddress)
    const { id } = this.#open(phoneNumber, 'direct')
    this.#database.prepare('UPDATE conversations SET session = max(session, ?) WHERE id = ?').run(session, id)
  }

  #sessionOf(conversation: Conversation | undefined): number {
    if (conversation === undefined) return 1
    const row = this.#database.prepare('SELECT session FROM conversations WHERE id = ?').get(conversation.id)
    // The column asked for.
    return (row as { session: number } | undefined)?.session ?? 1
  }

  /** Of these, forgets those of which nothing is kept. */
  forgetEmpty(ids: Iterable<number>): void {
    const isKept = this.#database.prepare(
      `SELECT EXISTS (SELECT 1 FROM inbox WHERE conversation = ?1)
           OR EXISTS (SELECT 1 FROM outbox WHERE conversation = ?1)
           OR EXISTS (SELECT 1 FROM turns WHERE conversation = ?1 AND state = 'open')
           OR EXISTS (SELECT 1 FROM notices WHERE conversation = ?1)
           OR EXISTS (SELECT 1 FROM chosen_agents WHERE conversation = ?1)
           OR EXISTS (SELECT 1 FROM chosen_models WHERE conversation = ?1)
           OR EXISTS (SELECT 1 FROM contact_fields WHERE conversation = ?1)
           OR EXISTS (SELECT 1 FROM conversations
             WHERE id = ?1 AND (paused_at IS NOT NULL OR off_since IS NOT NULL OR session > ${FIRST_SESSION})) AS kept`,
    )
    for (const id of ids) {
      // The column asked for.
      const { kept } = isKept.get(id) as { kept: number }
      if (kept === 0) this.#delete(id)
    }
  }

  #open(name: string, kind: Conversation['kind']): Conversation {
    const known = this.at(name)
    if (known === undefined) {
      const { lastInsertRowid } = this.#database
        .prepare(`INSERT INTO conversations (kind, name, session) VALUES (?, ?, ${FIRST_SESSION})`)
        .run(kind, name)
      const id = Number(lastInsertRowid)
      this.#lead(name, id)
      return { id, kind, name }
    }
    // The owner of an account that was linked to another phone is a person like all others now.
    if (known.kind !== kind)
      this.#database.prepare('UPDATE conversations SET kind = ? WHERE id = ?').run(kind, known.id)
    return { ...known, kind }
  }

  #lead(address: string, conversation: number): void {
    const known = this.#database
      .prepare('SELECT 1 FROM conversation_addresses WHERE address = ? AND conversation = ?')
      .get(address, conversation)
    if (known !== undefined) return
    this.#database
      .prepare('INSERT OR REPLACE INTO conversation_addresses (address, conversation) VALUES (?, ?)')
      .run(address, conversation)
    this.#database
      .prepare(
        `DELETE FROM conversation_addresses WHERE sequence IN
           (SELECT sequence FROM conversation_addresses
            WHERE conversation = ?1 AND address != (SELECT name FROM conversations WHERE id = ?1)
            ORDER BY sequence DESC LIMIT -1 OFFSET ?2)`,
      )
      .run(conversation, MAX_ADDRESSES - 1)
  }

  #settleName(from: number, address: string, phoneNumber: string): Merge | 'renamed' {
    const into = this.at(phoneNumber)
    if (into === undefined) {
      this.#database.prepare('UPDATE conversations SET name = ? WHERE id = ?').run(phoneNumber, from)
      this.#lead(phoneNumber, from)
      return 'renamed'
    }
    const merge = { from, into: into.id }
    // Nobody has seen all that stands before an answer any more, and neither has who answers just now.
    this.#database
      .prepare(`UPDATE turns SET agent = iif(state = 'open', '', NULL) WHERE conversation IN (?, ?)`)
      .run(merge.from, merge.into)
    this.#mergeInbox(merge, address, phoneNumber)
    for (const table of ['turns', 'outbox', 'sent_requests', 'conversation_addresses']) {
      this.#database
        .prepare(`UPDATE ${table} SET conversation = ? WHERE conversation = ?`)
        .run(merge.into, merge.from)
    }
    this.#database
      .prepare(
        `UPDATE conversations SET
           waits_since = COALESCE(conversations.waits_since, other.waits_since),
           waits_for = iif(conversations.waits_since IS NULL, other.waits_for, conversations.waits_for),
           last_at = COALESCE(max(conversations.last_at, other.last_at), conversations.last_at, other.last_at)
         FROM conversations AS other WHERE conversations.id = ?1 AND other.id = ?2`,
      )
      .run(merge.into, merge.from)
    this.#database
      .prepare(
        `INSERT INTO notices (conversation, notice, sent_at)
         SELECT ?1, notice, sent_at FROM notices WHERE conversation = ?2
         ON CONFLICT DO UPDATE SET sent_at = max(sent_at, excluded.sent_at)`,
      )
      .run(merge.into, merge.from)
    for (const { table, columns, replace } of CHOICES) {
      this.#database
        .prepare(
          `INSERT INTO ${table} (conversation, person, ${columns})
           SELECT ?1, iif(person = ?3, ?4, person), ${columns} FROM ${table} WHERE conversation = ?2 ${replace}`,
        )
        .run(merge.into, merge.from, address, phoneNumber)
    }
    new ContactStore(this.#database).merge(merge)
    this.#mergeState(merge)
    this.#lendId(merge)
    this.#delete(from)
    return merge
  }

  /** What led to the one leads to the other. */
  #lendId({ from, into }: Merge): void {
    this.#database
      .prepare('UPDATE conversation_aliases SET conversation = ?1 WHERE conversation = ?2')
      .run(into, from)
    this.#database
      .prepare('INSERT OR REPLACE INTO conversation_aliases (former, conversation) VALUES (?2, ?1)')
      .run(into, from)
    this.#database
      .prepare(
        `DELETE FROM conversation_aliases WHERE former IN
           (SELECT former FROM conversation_aliases WHERE conversation = ? ORDER BY former DESC LIMIT -1 OFFSET ?)`,
      )
      .run(into, MAX_ALIASES)
  }

  /** Held if one of them was, and afresh since the last time in either. */
  #mergeState({ from, into }: Merge): void {
    this.#holds.merge({ from, into })
    this.#database
      .prepare(
        `UPDATE conversations SET
           session = max(conversations.session, other.session),
           context_after = max(conversations.context_after, other.context_after)
         FROM conversations AS other WHERE conversations.id = ?1 AND other.id = ?2`,
      )
      .run(into, from)
  }

  /** Sequences stay, and with them the order. A message that is there twice, once under each name, counts once. */
  #mergeInbox({ from, into }: Merge, address: string, phoneNumber: string): void {
    this.#database
      .prepare(
        `UPDATE OR IGNORE inbox SET conversation = ?1, sender = iif(sender = ?3, ?4, sender) WHERE conversation = ?2`,
      )
      .run(into, from, address, phoneNumber)
    this.#database.prepare('DELETE FROM inbox WHERE conversation = ?').run(from)
  }

  /** In every conversation, groups too. A message that is there under both names counts once. */
  #renamePerson(from: string, to: string): void {
    // Those without a number have an index of their own.
    const named = `sender = ?1${from.startsWith('+') ? '' : ` AND substr(sender, 1, 1) != '+'`}`
    this.#database.prepare(`UPDATE OR IGNORE inbox SET sender = ?2 WHERE ${named}`).run(from, to)
    this.#database.prepare(`DELETE FROM inbox WHERE ${named}`).run(from)
    for (const { table, columns, replace } of CHOICES) {
      this.#database
        .prepare(
          `INSERT INTO ${table} (conversation, person, ${columns})
           SELECT conversation, ?2, ${columns} FROM ${table} WHERE person = ?1 ${replace}`,
        )
        .run(from, to)
      this.#database.prepare(`DELETE FROM ${table} WHERE person = ?`).run(from)
    }
  }

  #delete(id: number): void {
    for (const table of [
      'notices',
      'chosen_agents',
      'chosen_models',
      'contact_fields',
      'conversation_addresses',
      'conversation_aliases',
    ])
      this.#database.prepare(`DELETE FROM ${table} WHERE conversation = ?`).run(id)
    this.#database.prepare('DELETE FROM conversations WHERE id = ?').run(id)
  }

  #get(sql: string, value: number | string): Conversation | undefined {
    // The columns asked for, which only this class writes.
    return this.#database.prepare(sql).get(value) as Conversation | undefined
  }
}
