import { expect, it } from 'vitest'
import { readHistory } from '../../../src/conversations/history/history.ts'
import { ALICE, Desk } from './desk.ts'

// With the longest history, the longest messages made 70 million characters for each turn, several times in memory.
it('a history of long messages is bounded: the newest of both sides, and the newest is there', () => {
  const { database } = new Desk()
  const conversation = { id: 1, kind: 'direct', name: ALICE } as const
  const chat = `${ALICE.slice(1)}@s.whatsapp.net`
  database.transaction(() => {
    const asked = database.prepare(
      `INSERT INTO inbox (conversation, sender, message_id, kind, chat, chat_kind, text, sent_at, received_at, arrival, state)
       VALUES (1, ?1, ?2, 'text', ?3, 'direct', ?4, 0, 0, 'live', 'recorded')`,
    )
    const answered = database.prepare(
      `INSERT INTO outbox (message_id, conversation, chat, kind, after_inbox, text, prefix_length, state, queued_at)
       VALUES (?2, 1, ?3, 'reply', ?5, ?4, 0, 'read', 0)`,
    )
    for (let index = 1; index <= 60; index += 1) {
      const text = `${index} `.padEnd(index === 60 ? 1_000 : 70_000, 'x')
      asked.run(ALICE, `IN${index}`, chat, text)
      answered.run(ALICE, `OUT${index}`, chat, text, index)
    }
  })
  const read = (limit: number): string[] =>
    readHistory(database, { conversation, before: 1_000, limit, clockOffsetMs: 0 }, () => false).map(
      ({ text }) => text,
    )
  const texts = read(1_000)
  expect(texts.join('').length).toBeLessThanOrEqual(1_000_000)
  expect(texts.join('').length).toBeGreaterThan(900_000)
  expect(texts.at(-1)).toMatch(/^60 /)
  expect(texts.at(-2)).toMatch(/^60 /)
  expect(texts.at(-3)).toMatch(/^59 /)
  // What fits is whole.
  expect(read(10)).toHaveLength(10)
})
