import { describe, expect, it } from 'vitest'
import type { AnsweringAgent } from '../../../../src/agents/agent.ts'
import { echoAgent } from '../../../../src/agents/connectors/echo/echo.ts'
import { Places } from '../../../../src/timing/places.ts'
import { ALICE, BOB, Desk } from '../desk.ts'
import { CAPABILITIES } from '../../../support/memory-transport.ts'
import { HeldAgent } from '../held-agent.ts'

// A chat whose next turn could not start yet went on showing "typing…": for ever where that turn was cancelled before it ran.

/** Whether the chat with Alice shows "typing…" now. */
function isShown(desk: Desk): boolean {
  const chat = `${ALICE.slice(1)}@s.whatsapp.net`
  const told = desk.transport.log.filter(
    (entry) => entry.chat === chat && (entry.what === 'typing' || entry.what === 'paused'),
  )
  return told.at(-1)?.what === 'typing'
}

/** Alice is being answered, and her second message waits. */
async function twoQuestions(more: (held: HeldAgent) => Partial<AnsweringAgent>): Promise<[Desk, HeldAgent]> {
  const desk = new Desk()
  const held = new HeldAgent()
  desk.agent = { reply: (turn, signal) => held.reply(turn, signal), ...more(held) }
  desk.conversations.start()
  desk.receive(ALICE, 'one')
  await desk.until(() => held.turns.length === 1)
  desk.receive(ALICE, 'two')
  expect(isShown(desk)).toBe(true)
  return [desk, held]
}

describe('"typing…" goes away', () => {
  it('where the next turn is cancelled before it could start', async () => {
    const [desk, held] = await twoQuestions((slow) => ({
      reply: (turn, signal) =>
        turn.conversation === BOB ? echoAgent.reply(turn, signal) : slow.reply(turn, signal),
    }))
    // After the disk has refused an answer to Bob no turn starts for a while.
    const ofBob = `new.state = 'answered' AND new.conversation = (SELECT id FROM conversations WHERE name = '${BOB}')`
    const trigger = `CREATE TEMP TRIGGER torn AFTER UPDATE OF state ON turns WHEN ${ofBob} BEGIN SELECT RAISE(ABORT, 'torn'); END`
    desk.database.transaction(() => void desk.database.prepare(trigger).run())
    desk.receive(BOB, 'hello')
    await desk.until(() => desk.named('agent.turnStarted').length === 2)
    await desk.settle()
    held.answer()
    await desk.until(() => desk.named('message.sent').length === 1)
    await desk.settle()
    expect(held.turns).toHaveLength(1)
    desk.allow(BOB)
    await desk.settle()
    expect(isShown(desk)).toBe(false)
  })

  it('while the agent has no place for the next turn', async () => {
    const places = new Places(1)
    const [desk, held] = await twoQuestions(() => ({ place: (signal) => places.take(signal) }))
    desk.receive(BOB, 'hello')
    await desk.settle()
    held.answer()
    await desk.until(() => held.turns.length === 2)
    await desk.settle()
    expect(isShown(desk)).toBe(false)
    held.answer()
    await desk.until(() => held.turns.length === 3)
    expect(isShown(desk)).toBe(true)
    held.answer()
  })
})

describe('"typing…" that also marks what was written as read', () => {
  const begun = async (sendReadReceipts: boolean): Promise<Desk> => {
    const desk = new Desk({ sendReadReceipts }, undefined, null, CAPABILITIES.server)
    const held = new HeldAgent()
    desk.agent = { reply: (turn, signal) => held.reply(turn, signal) }
    desk.conversations.start()
    desk.receive(ALICE, 'one')
    await desk.until(() => held.turns.length === 1)
    return desk
  }

  it('stands at the message that is being answered', async () => {
    const desk = await begun(true)
    expect(desk.transport.whats('typing').map(({ detail }) => detail)).toEqual(['IN1'])
  })

  it('is not shown where people must not see that they were read', async () => {
    const desk = await begun(false)
    expect(desk.transport.whats('typing')).toEqual([])
    expect(desk.transport.whats('read')).toEqual([])
  })
})
