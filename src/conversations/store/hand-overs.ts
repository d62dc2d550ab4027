import type { Database } from '../../storage/database/database.ts'
import type { Committed } from './commit-group.ts'
import type { Conversation } from './conversation-store.ts'

/** A conversation in which somebody waits for a person, and since when: milliseconds since 1970. */
export interface HandOver {
  conversation: Conversation
  /** What the person was called when they last wrote, or what the group is called. */
  title: string | null
  since: number
}

const WAITING = `
  SELECT id, kind, name, waits_since AS since, iif(kind = 'group', title,
    (SELECT sender_name FROM inbox WHERE conversation = id AND author = 'person' ORDER BY sequence DESC LIMIT 1)) AS title
  FROM conversations WHERE waits_since IS NOT NULL ORDER BY waits_since DESC LIMIT ?`

/**
 * The conversations that an assistant left to a person by saying nothing. Each waits until somebody answers there. Every method that
 * writes runs inside of the caller's transaction.
 */
export class HandOvers {
  readonly #database: Database
  readonly #changed: () => void

  /** `changed`: after a commit in which somebody began to wait, or waits no more. */
  constructor(database: Database, changed: () => void) {
    this.#database = database
    this.#changed = changed
  }

  begin(conversation: number, at: number): Committed | undefined {
    return this.#update(
      'UPDATE conversations SET waits_since = ?1 WHERE id = ?2 AND waits_since IS NULL',
      at,
      conversation,
    )
  }

  end(conversation: number): Committed | undefined {
    return this.#update(
      'UPDATE conversations SET waits_since = NULL WHERE id = ? AND waits_since IS NOT NULL',
      conversation,
    )
  }

  endAll(): Committed | undefined {
    return this.#update('UPDATE conversations SET waits_since = NULL WHERE waits_since IS NOT NULL')
  }

  /** The latest first. */
  list(limit: number): HandOver[] {
    // The columns asked for.
    const rows = this.#database.prepare(WAITING).all(limit) as unknown as (Conversation &
      Omit<HandOver, 'conversation'>)[]
    return rows.map(({ id, kind, name, since, title }) => ({
      conversation: { id, kind, name },
      since,
      title,
    }))
  }

  #update(sql: string, ...values: number[]): Committed | undefined {
    return this.#database.prepare(sql).run(...values).changes > 0 ? this.#changed : undefined
  }
}
