import { expect, it } from 'vitest'
import { pruneConversations } from '../../../../src/conversations/history/retention.ts'
import { ConversationStore } from '../../../../src/conversations/store/conversation-store.ts'
import { ALICE, BOB, Desk } from '../desk.ts'

it('keeps the tables bounded without deleting what is still to be answered or sent', async () => {
  const desk = new Desk()
  desk.conversations.start()
  desk.setReady(false)
  desk.receive(BOB, 'unsent')
  await desk.until(() => desk.named('agent.turnFinished').length === 1)
  desk.setReady(true)
  for (let index = 0; index < 40; index += 1) desk.receive(ALICE, `text ${index}`)
  await desk.until(() => desk.named('message.sent').length === 41)
  desk.setReady(false)
  desk.receive(BOB, 'unsent')
  await desk.until(() => desk.named('agent.turnFinished').length === 42)
  await desk.conversations.stop()
  const store = new ConversationStore(desk.database)
  pruneConversations(desk.database, store, Date.now(), 10)
  for (const table of ['inbox', 'turns', 'outbox']) {
    expect(desk.database.prepare(`SELECT COUNT(*) AS n FROM ${table}`).get()).toMatchObject({ n: 10 })
  }
  pruneConversations(desk.database, store, Date.now() + 31 * 86_400_000)
  expect(desk.database.prepare('SELECT text, state FROM outbox').all()).toMatchObject([
    { text: 'unsent', state: 'queued' },
  ])
  expect(desk.database.prepare('SELECT name FROM conversations').all()).toEqual([{ name: BOB }])
})

// The tables were looked at once an hour, and then 5,000 rows went: a flood of messages grew them without a bound.
it('keeps the tables bounded while messages keep coming', async () => {
  const desk = new Desk()
  desk.conversations.start()
  desk.database.transaction(() => {
    desk.database
      .prepare(
        `WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 50000)
         INSERT INTO inbox (conversation, sender, message_id, kind, chat, chat_kind, text, sent_at, received_at, arrival, state)
         SELECT 1, 's', 'old' || n, 'text', 'c', 'direct', 'old', ?1, ?1, 'live', 'recorded' FROM numbers`,
      )
      .run(Date.now())
  })
  for (let index = 0; index < 500; index += 1) desk.receive(ALICE, `text ${index}`)
  await desk.until(() => desk.named('message.sent').length === 500)
  await desk.conversations.stop()
  expect(desk.database.prepare('SELECT COUNT(*) AS n FROM inbox').get()).toMatchObject({ n: 50_000 })
})
