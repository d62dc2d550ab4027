import type { OutboxState } from '../outbox/outbox-store.ts'
import type { Database } from '../../storage/database/database.ts'

const DAY_MS = 86_400_000
/** The newest ones; no pace lets more messages out in a day. */
const MAX_REQUESTS = 10_000
/** As seen from the newest message, or what is left of it: the clock is ahead of that. */
const NEWEST = `COALESCE((SELECT queued_at FROM outbox ORDER BY sequence DESC LIMIT 1),
  (SELECT max(queued_at) FROM sent_requests), 0)`

/** A request whose message is not kept any more. */
export interface SentRequest {
  message_id: string
  digest: string | null
  conversation: number
  /** What people call the conversation; empty where it is gone. */
  name: string
  state: OutboxState
  /** Milliseconds since 1970. */
  queued_at: number
}

/**
 * Requests to send of the last day whose messages are deleted already: a request that is repeated within a day sends nothing more, however
 * short messages are kept. Nothing of what was said is here. Every method that writes runs inside of the caller's transaction.
 */
export class SentRequests {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  find(clientMessageId: string): SentRequest | undefined {
    // The columns asked for.
    return this.#database
      .prepare(
        `SELECT message_id, digest, conversation, state, queued_at,
           COALESCE((SELECT name FROM conversations WHERE id = conversation), '') AS name
         FROM sent_requests WHERE client_message_id = ?`,
      )
      .get(clientMessageId) as SentRequest | undefined
  }

  /** These rows of the outbox (their sequences) are about to be deleted. */
  remember(sequences: readonly number[]): void {
    const { changes } = this.#database
      .prepare(
        `INSERT OR REPLACE INTO sent_requests (client_message_id, digest, message_id, conversation, state, queued_at)
         SELECT client_message_id, request_digest, message_id, conversation, state, queued_at FROM outbox
         WHERE sequence IN (SELECT value FROM json_each(?1)) AND client_message_id IS NOT NULL
           AND queued_at > ${NEWEST} - ${DAY_MS}`,
      )
      .run(JSON.stringify(sequences))
    if (changes > 0) this.#prune()
  }

  #prune(): void {
    this.#database
      .prepare(
        `DELETE FROM sent_requests WHERE queued_at <= ${NEWEST} - ${DAY_MS} OR client_message_id IN
           (SELECT client_message_id FROM sent_requests ORDER BY queued_at DESC LIMIT -1 OFFSET ${MAX_REQUESTS})`,
      )
      .run()
  }
}
