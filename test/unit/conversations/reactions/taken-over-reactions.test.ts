import { expect, it } from 'vitest'
import { AckStore } from '../../../../src/conversations/reactions/ack-store.ts'
import { ALICE, Desk, OWN } from '../desk.ts'
import { HeldAgent } from '../held-agent.ts'

const states = (desk: Desk): unknown[] =>
  desk.database
    .prepare('SELECT state FROM reactions')
    .all()
    .map((row) => Object.values(row as object)[0])

// The mark for a failed answer, and a reaction that was being prepared, still went out after the owner had taken over.
it('the assistant reacts to nothing in a chat that a person takes over', async () => {
  const desk = new Desk({
    ackReaction: { emoji: '👀', direct: true, group: 'mentions', removeAfterReply: true },
  })
  desk.agent = new HeldAgent()
  desk.conversations.start()
  let proceed = (): void => undefined
  desk.transport.preparing = () => new Promise<void>((resolve) => (proceed = resolve))
  const message = desk.receive(ALICE, 'hello')
  await desk.settle()
  expect(states(desk)).toEqual(['sending'])
  desk.receive(OWN, 'I am here myself', { chat: message.chat })
  desk.transport.preparing = () => undefined
  proceed()
  await desk.until(() => states(desk)[0] === 'done')
  const store = new AckStore(desk.database)
  desk.database.transaction(() =>
    store.insert({ inbox: 1, purpose: 'failed', emoji: '⚠️', messageId: 'OUT', at: 1 }),
  )
  desk.setReady(false)
  await desk.restart()
  desk.conversations.start()
  desk.setReady(true)
  await desk.until(() => states(desk)[0] === 'done')
  expect(desk.transport.reactions).toEqual([])
})
