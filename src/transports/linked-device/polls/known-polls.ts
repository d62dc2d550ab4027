import { z } from 'zod'
import type { Database } from '../../../storage/database/database.ts'

/** The oldest are forgotten: votes in them cannot be read any more. */
const MAX_POLLS = 2_000
/** Several messages may claim one id. */
const MAX_FOUND = 5
const SECRET_BYTES = 32

/** A poll, or an event, whose votes or answers can be read. */
export interface KnownPoll {
  messageId: string
  kind: 'poll' | 'event'
  secret: Uint8Array
  /** The question, or the name of the event. */
  title: string
  options: readonly string[]
  /** JIDs of whoever sent it, without a device; at least one. */
  authors: readonly string[]
}

/** In a statement whose first parameter is a JSON array of JIDs. */
const MADE_BY = `EXISTS
  (SELECT 1 FROM json_each(authors) AS author WHERE author.value IN (SELECT value FROM json_each(?1)))`

const listSchema = z.string().array()

/** What is needed to read votes and answers, which come encrypted with a secret of the message that they are about. Bounded. */
export class KnownPolls {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** Does nothing for one that is known, or whose secret is none. Throws `StorageError`. */
  keep({ messageId, kind, secret, title, options, authors }: KnownPoll): void {
    if (secret.length !== SECRET_BYTES || authors.length === 0) return
    const encoded = Buffer.from(secret).toString('base64')
    this.#database.transaction(() => {
      this.#database
        .prepare(
          `INSERT INTO polls (message_id, kind, secret, title, options, authors) VALUES (?, ?, ?, ?, ?, ?)
           ON CONFLICT DO NOTHING`,
        )
        .run(messageId, kind, encoded, title, JSON.stringify(options), JSON.stringify(authors))
      this.#database
        .prepare('DELETE FROM polls WHERE sequence <= (SELECT MAX(sequence) FROM polls) - ?')
        .run(MAX_POLLS)
    })
  }

  /** Those that one of these JIDs sent, and those with these ids. Throws `StorageError`. */
  erase(authors: readonly string[], messageIds: readonly string[]): void {
    this.#database.transaction(() => {
      this.#database
        .prepare(`DELETE FROM polls WHERE message_id IN (SELECT value FROM json_each(?2)) OR ${MADE_BY}`)
        .run(JSON.stringify(authors), JSON.stringify(messageIds))
    })
  }

  /** Whether one of these JIDs made a poll that is known. */
  keepsWordsOf(authors: readonly string[]): boolean {
    const row = this.#database
      .prepare(`SELECT 1 FROM polls WHERE ${MADE_BY} LIMIT 1`)
      .get(JSON.stringify(authors))
    return row !== undefined
  }

  /** Those that this id may mean. */
  find(messageId: string, kind: KnownPoll['kind']): KnownPoll[] {
    // The columns asked for.
    const rows = this.#database
      .prepare('SELECT secret, title, options, authors FROM polls WHERE message_id = ? AND kind = ? LIMIT ?')
      .all(messageId, kind, MAX_FOUND) as {
      secret: string
      title: string
      options: string
      authors: string
    }[]
    return rows.map(({ secret, title, options, authors }) => ({
      messageId,
      kind,
      secret: Buffer.from(secret, 'base64'),
      title,
      options: listIn(options),
      authors: listIn(authors),
    }))
  }
}

/** Empty where another program made something else of it. */
function listIn(json: string): string[] {
  try {
    return listSchema.parse(JSON.parse(json))
  } catch {
    return []
  }
}
