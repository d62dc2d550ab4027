import type { Database } from '../../storage/database/database.ts'
import type { Committed } from './commit-group.ts'
import type { Conversation } from './conversation-store.ts'

/** Why a person is waited for: the assistant said nothing on purpose, could not answer, or its answer did not arrive. */
export type WaitReason = 'handed_over' | 'answer_failed' | 'not_sent'

/** A conversation in which somebody waits for a person, and since when: milliseconds since 1970. */
export interface HandOver {
  conversation: Conversation
  /** What the person was called when they last wrote, or what the group is called. */
  title: string | null
  since: number
  why: WaitReason
}

const WAITING = `
  SELECT id, kind, name, waits_since AS since, COALESCE(waits_for, 'handed_over') AS why, iif(kind = 'group', title,
    (SELECT sender_name FROM inbox WHERE conversation = id AND author = 'person' ORDER BY sequence DESC LIMIT 1)) AS title
  FROM conversations WHERE waits_since IS NOT NULL ORDER BY waits_since DESC LIMIT ?`

/**
 * The conversations that an assistant left to a person: by saying nothing, or because it could not answer. Each waits until somebody answers there. Every method that
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

  begin(conversation: number, at: number, why: WaitReason = 'handed_over'): Committed | undefined {
    return this.#update(
      'UPDATE conversations SET waits_since = ?1, waits_for = ?3 WHERE id = ?2 AND waits_since IS NULL',
      at,
      conversation,
      why,
    )
  }

  /** An answer did not arrive; nobody waits for a sentence of the daemon's own. */
  beginUnsent(
    { conversation, sequence }: { conversation: number; sequence: number },
    at: number,
  ): Committed | undefined {
    return this.#update(
      `UPDATE conversations SET waits_since = ?1, waits_for = 'not_sent' WHERE id = ?2 AND waits_since IS NULL
         AND EXISTS (SELECT 1 FROM outbox WHERE sequence = ?3 AND kind = 'reply' AND author = 'assistant')`,
      at,
      conversation,
      sequence,
    )
  }

  /** A person looks after the answers there that did not arrive. */
  endUnsent(conversation: number): Committed | undefined {
    return this.#update(
      `UPDATE conversations SET waits_since = NULL, waits_for = NULL WHERE id = ? AND waits_for = 'not_sent'`,
      conversation,
    )
  }

  end(conversation: number): Committed | undefined {
    return this.#update(
      'UPDATE conversations SET waits_since = NULL, waits_for = NULL WHERE id = ? AND waits_since IS NOT NULL',
      conversation,
    )
  }

  endAll(): Committed | undefined {
    return this.#update(
      'UPDATE conversations SET waits_since = NULL, waits_for = NULL WHERE waits_since IS NOT NULL',
    )
  }

  /** The latest first. */
  list(limit: number): HandOver[] {
    // The columns asked for.
    const rows = this.#database.prepare(WAITING).all(limit) as unknown as (Conversation &
      Omit<HandOver, 'conversation'>)[]
    return rows.map(({ id, kind, name, since, title, why }) => ({
      conversation: { id, kind, name },
      since,
      title,
      why,
    }))
  }

  #update(sql: string, ...values: (number | string)[]): Committed | undefined {
    return this.#database.prepare(sql).run(...values).changes > 0 ? this.#changed : undefined
  }
}
