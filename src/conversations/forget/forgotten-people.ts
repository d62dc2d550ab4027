import { createHmac, randomBytes } from 'node:crypto'
import { addressOfIdEntry } from '../../access/numbers/id-entry.ts'
import { entriesNaming } from '../../access/entries-naming.ts'
import type { SenderIdentity } from '../../messaging/identity.ts'
import type { Database } from '../../storage/database/database.ts'
import type { Forgotten } from './forgotten.ts'

/** Names of people; of those who were forgotten last. */
const MAX_NAMES = 20_000
const KEY_BYTES = 16

/**
 * Who was forgotten when, people and groups, so that a phone which hands over old messages at a later link does not bring them back. A name (number, LID,
 * address) is kept as a digest with a key of this file: nobody reads from it who that was, but whoever has the file can try a number.
 * Every method that writes runs inside of the caller's transaction.
 */
export class ForgottenPeople {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** `at`: milliseconds since 1970. */
  add({ conversation, people }: Forgotten, at: number): void {
    const names = conversation?.kind === 'group' ? [conversation.name] : people
    const key = this.#key() ?? randomBytes(KEY_BYTES).toString('hex')
    const insert = this.#database.prepare(
      'INSERT OR REPLACE INTO forgotten_people (digest, key, forgotten_at) VALUES (?, ?, ?)',
    )
    for (const name of names) insert.run(digestOf(key, name), key, at)
    this.#database
      .prepare(
        `DELETE FROM forgotten_people WHERE digest IN
           (SELECT digest FROM forgotten_people ORDER BY forgotten_at DESC LIMIT -1 OFFSET ?)`,
      )
      .run(MAX_NAMES)
  }

  /** Whether the other side of a message, or its group, was forgotten after it was written, in milliseconds since 1970. */
  isForgotten(person: SenderIdentity, chat: string, at: number): boolean {
    const key = this.#key()
    if (key === null) return false
    const entries = entriesNaming(person)
    const names = new Set([
      chat,
      person.address,
      ...entries,
      ...entries.flatMap((entry) => addressOfIdEntry(entry) ?? []),
    ])
    const find = this.#database.prepare(
      'SELECT 1 FROM forgotten_people WHERE digest = ? AND forgotten_at >= ?',
    )
    return [...names].some((name) => find.get(digestOf(key, name), at) !== undefined)
  }

  /** `null` while nobody was forgotten. */
  #key(): string | null {
    const row = this.#database.prepare('SELECT key FROM forgotten_people LIMIT 1').get()
    // The column asked for.
    return (row as { key: string } | undefined)?.key ?? null
  }
}

function digestOf(key: string, name: string): string {
  return createHmac('sha256', key).update(name).digest('base64url')
}
