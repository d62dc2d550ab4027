import { expect, it } from 'vitest'
import { pruneConversations } from '../../../src/conversations/retention.ts'
import { ALICE, BOB, Desk } from './desk.ts'

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
  pruneConversations(desk.database, Date.now(), 10)
  for (const table of ['inbox', 'turns', 'outbox']) {
    expect(desk.database.prepare(`SELECT COUNT(*) AS n FROM ${table}`).get()).toMatchObject({ n: 10 })
  }
  pruneConversations(desk.database, Date.now() + 31 * 86_400_000)
  expect(desk.database.prepare('SELECT text, state FROM outbox').all()).toMatchObject([
    { text: 'unsent', state: 'queued' },
  ])
})
