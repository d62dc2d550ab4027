import type { Database } from '../../../src/storage/database/database.ts'
import { SeededRandom } from '../../../src/simulator/seeded-random.ts'

const NINETY_DAYS_MS = 90 * 86_400_000
const BATCH = 5_000

export interface FillOptions {
  messages: number
  conversations: number
  seed: number
}

/** The fictional number of a conversation by its id. */
export function numberOfConversation(conversation: number): string {
  return `+1555${1_000_000 + conversation}`
}

/**
 * Fills an account with people who write and are answered in turns, over ninety days. One of three has contact fields, one of ten waits for a
 * person, and of every fifth conversation nobody has read anything. `firstId`:
 * that of the first conversation; the others follow.
 */
export function fillAccount(
  database: Database,
  { messages, conversations, seed }: FillOptions,
  { firstId = 1 }: { firstId?: number } = {},
): void {
  const random = new SeededRandom(seed)
  inBatches(database, conversations, (index) => addConversation(database, index, firstId))
  inBatches(database, messages, (index) => {
    const [round, place] = [Math.floor(index / conversations), index % conversations]
    const at = Date.now() - NINETY_DAYS_MS + Math.floor((index * NINETY_DAYS_MS) / messages)
    const text = `message ${index} `.padEnd(random.between(20, 300), 'some more words ')
    const conversation = firstId + place
    if (round % 2 === 0)
      database
        .prepare(
          `INSERT INTO inbox (conversation, sender, sender_name, message_id, kind, chat, chat_kind, text, sent_at, received_at, arrival, state, is_unread)
           VALUES (?1, ?2, 'Person ' || ?1, 'I' || ?3, 'text', 'c', 'direct', ?4, ?5, ?5, 'live', 'recorded', ?6)`,
        )
        .run(conversation, numberOfConversation(conversation), index, text, at, place % 5 === 0 ? 1 : 0)
    else
      database
        .prepare(
          `INSERT INTO outbox (message_id, conversation, chat, kind, after_inbox, text, prefix_length, state, queued_at)
           VALUES ('O' || ?1, ?2, 'c', 'reply', ?3, ?4, 0, 'read', ?5)`,
        )
        .run(index, conversation, ((round - 1) / 2) * conversations + place + 1, text, at)
  })
}

function addConversation(database: Database, index: number, firstId: number): void {
  const id = firstId + index
  database
    .prepare(`INSERT INTO conversations (id, kind, name, waits_since) VALUES (?, 'direct', ?, ?)`)
    .run(id, numberOfConversation(id), index % 10 === 0 ? Date.now() : null)
  if (index % 3 !== 0) return
  for (const name of ['name', 'email', 'company'])
    database
      .prepare(
        `INSERT INTO contact_fields (conversation, name, value, set_by, set_at) VALUES (?1, ?2, ?2 || ' of ' || ?1, 'agent', ?3)`,
      )
      .run(id, name, Date.now())
}

function inBatches(database: Database, all: number, add: (index: number) => void): void {
  for (let from = 0; from < all; from += BATCH)
    database.transaction(() => {
      for (let index = from; index < Math.min(all, from + BATCH); index += 1) add(index)
    })
}
