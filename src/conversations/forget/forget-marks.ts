import { z } from 'zod'
import type { Database } from '../../storage/database/database.ts'
import type { Forgotten } from './forgotten.ts'

/** Somebody whose words are erased, and not overwritten everywhere yet. */
export interface ForgetMark {
  sequence: number
  /** The id of the conversation; `null` where there was none. */
  conversation: number | null
  /** Their numbers and addresses, and what the conversation was called. */
  addresses: string[]
}

const addressesSchema = z.string().array()

/** What of forgetting is still to be done, also after a crash. Every method that writes runs inside of the caller's transaction. */
export class ForgetMarks {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** Oldest first. */
  all(): ForgetMark[] {
    const rows = this.#database
      .prepare('SELECT sequence, conversation, addresses FROM forgetting ORDER BY sequence')
      .all()
    // The columns asked for.
    return (rows as { sequence: number; conversation: number | null; addresses: string }[]).map((row) => ({
      ...row,
      addresses: addressesSchema.parse(JSON.parse(row.addresses)),
    }))
  }

  /** Also: whoever writes from now on begins a session that no agent knows. */
  add({ conversation, people }: Forgotten, now: number): void {
    const addresses = [...new Set([...(conversation === null ? [] : [conversation.name]), ...people])]
    this.#database
      .prepare('INSERT INTO forgetting (conversation, addresses, began_at) VALUES (?, ?, ?)')
      .run(conversation?.id ?? null, JSON.stringify(addresses), now)
    if (conversation === null) return
    this.#database
      .prepare(
        `INSERT INTO first_session (id, session) SELECT 1, session + 1 FROM conversations WHERE id = ?
         ON CONFLICT DO UPDATE SET session = max(session, excluded.session)`,
      )
      .run(conversation.id)
  }

  remove(sequence: number): void {
    this.#database.prepare('DELETE FROM forgetting WHERE sequence = ?').run(sequence)
  }
}
