import type { Database } from '../../storage/database/database.ts'
import type { Merge } from '../store/conversation-store.ts'

/** Conversations that have fields; those that were changed last. */
const MAX_CONVERSATIONS = 20_000

/** Who set a field: an answer of the assistant, the owner in a dashboard, or a program over the API. */
export type ContactAuthor = 'agent' | 'owner' | 'api'

/** A row of the table `contact_fields` (`schema.ts`). */
export interface ContactRow {
  name: string
  value: string
  set_by: ContactAuthor
  /** Milliseconds since 1970. */
  set_at: number
}

/** The contact fields of conversations. Every method that writes runs inside of the caller's transaction. */
export class ContactStore {
  readonly #database: Database
  readonly #maxConversations: number

  constructor(database: Database, maxConversations = MAX_CONVERSATIONS) {
    this.#database = database
    this.#maxConversations = maxConversations
  }

  /** Of all of these conversations, each one's in the order of their names. */
  ofEach(conversations: readonly number[]): (ContactRow & { conversation: number })[] {
    // The columns asked for, which only this class writes.
    return this.#database
      .prepare(
        `SELECT conversation, name, value, set_by, set_at FROM contact_fields
         WHERE conversation IN (SELECT value FROM json_each(?)) ORDER BY conversation, name`,
      )
      .all(JSON.stringify(conversations))
  }

  /** In the order of their names. */
  of(conversation: number): ContactRow[] {
    // The columns asked for, which only this class writes.
    return this.#database
      .prepare('SELECT name, value, set_by, set_at FROM contact_fields WHERE conversation = ? ORDER BY name')
      .all(conversation)
  }

  set(conversation: number, { name, value, set_by, set_at }: ContactRow): void {
    this.#database
      .prepare(
        `INSERT INTO contact_fields (conversation, name, value, set_by, set_at) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT DO UPDATE SET value = excluded.value, set_by = excluded.set_by, set_at = excluded.set_at`,
      )
      .run(conversation, name, value, set_by, set_at)
    this.#makeRoom()
  }

  remove(conversation: number, name: string): void {
    this.#database
      .prepare('DELETE FROM contact_fields WHERE conversation = ? AND name = ?')
      .run(conversation, name)
  }

  /** Two conversations are one: of two values of a field a person's wins over an agent's, and otherwise the later one. */
  merge({ from, into }: Merge): void {
    this.#database
      .prepare(
        `INSERT INTO contact_fields (conversation, name, value, set_by, set_at)
         SELECT ?1, name, value, set_by, set_at FROM contact_fields WHERE conversation = ?2
         ON CONFLICT DO UPDATE SET value = excluded.value, set_by = excluded.set_by, set_at = excluded.set_at
         WHERE (excluded.set_by != 'agent', excluded.set_at) > (contact_fields.set_by != 'agent', contact_fields.set_at)`,
      )
      .run(into, from)
    this.#database.prepare('DELETE FROM contact_fields WHERE conversation = ?').run(from)
  }

  #makeRoom(): void {
    this.#database
      .prepare(
        `DELETE FROM contact_fields
         WHERE (SELECT COUNT(DISTINCT conversation) FROM contact_fields) > ?1 AND conversation IN
           (SELECT conversation FROM contact_fields GROUP BY conversation ORDER BY MAX(set_at) DESC LIMIT -1 OFFSET ?1)`,
      )
      .run(this.#maxConversations)
  }
}
