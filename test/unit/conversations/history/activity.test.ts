import { expect, test } from 'vitest'
import { MOST_COUNTED } from '../../../../src/conversations/history/activity.ts'
import { ALICE, BOB, Desk } from '../desk.ts'

const ALWAYS = 0

test('an account to which nobody wrote shows no sign of life', () => {
  expect(new Desk().conversations.activity(ALWAYS)).toEqual({
    lastMessageAt: null,
    lastAnswerAt: null,
    answered: 0,
    waiting: 0,
    queued: 0,
  })
})

test('answers are counted from the asked time on; replies that cannot go out are queued', async () => {
  const desk = new Desk()
  desk.conversations.start()
  desk.setReady(false)
  desk.receive(ALICE, 'one')
  await desk.until(() => desk.named('agent.turnFinished').length === 1)
  const { lastAnswerAt, lastMessageAt, ...counts } = desk.conversations.activity(ALWAYS)
  expect(counts).toEqual({ answered: 1, waiting: 0, queued: 1 })
  expect(lastAnswerAt).toBeGreaterThanOrEqual(lastMessageAt ?? Number.NaN)
  expect(desk.conversations.activity((lastAnswerAt ?? 0) + 1).answered).toBe(0)
  desk.setReady(true)
  await desk.until(() => desk.named('message.sent').length === 1)
  expect(desk.conversations.activity(ALWAYS).queued).toBe(0)
})

test('a message waits until its answer, also behind another one', async () => {
  const desk = new Desk()
  let answer = (): void => {}
  desk.agent = {
    async *reply() {
      await new Promise<void>((resolve) => (answer = resolve))
      yield { type: 'delta', text: 'done' }
    },
  }
  desk.conversations.start()
  desk.receive(BOB, 'one')
  await desk.until(() => desk.named('agent.turnStarted').length === 1)
  desk.receive(BOB, 'two')
  expect(desk.conversations.activity(ALWAYS).waiting).toBe(2)
  answer()
  await desk.until(() => desk.named('agent.turnFinished').length === 1)
  expect(desk.conversations.activity(ALWAYS).waiting).toBeLessThan(2)
})

test('of more answers than are counted the newest are read alone', () => {
  const desk = new Desk()
  const add = desk.database.prepare(
    `WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?1)
     INSERT INTO turns (id, conversation, chat, chat_kind, state, opened_at, finished_at)
     SELECT 'turn' || n, 1, 'c', 'direct', 'answered', n, n FROM numbers`,
  )
  desk.database.transaction(() => add.run(MOST_COUNTED + 1))
  const { answered, lastAnswerAt } = desk.conversations.activity(ALWAYS)
  expect([answered, lastAnswerAt]).toEqual([MOST_COUNTED, MOST_COUNTED + 1])
})
