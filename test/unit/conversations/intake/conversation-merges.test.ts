import { describe, expect, it } from 'vitest'
import type { AccountConfig } from '../../../../src/config/model.ts'
import type { IncomingMessage } from '../../../../src/messaging/incoming-message.ts'
import { identity } from '../../../support/identity.ts'
import { ALICE, Desk, direct } from '../desk.ts'
import { HeldAgent } from '../held-agent.ts'

const LID = '700000000000001@lid'
const OPEN: Partial<AccountConfig> = { access: { dmPolicy: 'open', allowFrom: ['*'] } }

/** The sender of whom only the LID is known. */
const byLid: Partial<IncomingMessage> = { chat: direct(LID), sender: identity(LID, null) }
const learn = (desk: Desk): void => desk.conversations.senderResolved(identity(LID, ALICE))
const namesOf = (desk: Desk): unknown[] =>
  desk.database
    .prepare('SELECT name FROM conversations ORDER BY id')
    .all()
    .map(({ name }: Record<string, unknown>) => name)

/** A desk where everybody may write, with a turn of Alice running under her LID and another under her number. */
async function deskWithBoth(
  overrides: Partial<AccountConfig> = {},
): Promise<{ desk: Desk; agent: HeldAgent }> {
  const desk = new Desk({ ...OPEN, ...overrides })
  const agent = new HeldAgent()
  desk.agent = agent
  desk.conversations.start()
  desk.receive('', 'one', byLid)
  desk.receive(ALICE, 'two')
  await desk.until(() => agent.turns.length === 2)
  return { desk, agent }
}

const answerUntilSent = (desk: Desk, agent: HeldAgent, count: number): Promise<void> =>
  desk.until(() => {
    agent.answer()
    return desk.named('message.sent').length >= count
  })

describe('when the number behind a LID becomes known', () => {
  it('both turns under way are answered, once each', async () => {
    const { desk, agent } = await deskWithBoth()
    desk.receive('', 'three', byLid)
    desk.receive(ALICE, 'four')
    learn(desk)
    expect(namesOf(desk)).toEqual([ALICE])
    // The turn that began under the LID begins anew, under its id.
    await desk.until(() => agent.turns[0]?.aborted === true)
    await answerUntilSent(desk, agent, 4)
    expect(desk.transport.texts().toSorted()).toEqual([
      'answer to four',
      'answer to one',
      'answer to three',
      'answer to two',
    ])
    const answered = desk.named('agent.turnFinished').map(({ turn }) => turn)
    expect(new Set(answered).size).toBe(4)
    expect(agent.turns.filter(({ turn }) => turn.id === agent.turns[0]?.turn.id).length).toBeGreaterThan(1)
    desk.receive(ALICE, 'five')
    await desk.until(() => agent.turns.at(-1)?.texts[0] === 'five')
    const asked = ['one', 'two', 'three', 'four']
    expect(agent.turns.at(-1)?.history.map(({ text }) => text)).toEqual(
      asked.flatMap((text) => [text, `answer to ${text}`]),
    )
  })

  it('both turns under way are answered after a crash too', async () => {
    const { desk, agent } = await deskWithBoth()
    learn(desk)
    desk.crash()
    desk.conversations.start()
    await answerUntilSent(desk, agent, 2)
    expect(desk.transport.texts().toSorted()).toEqual(['answer to one', 'answer to two'])
  })

  it('a reply in flight is sent once, and what waits behind it keeps its place', async () => {
    const desk = new Desk(OPEN)
    const acknowledge: (() => void)[] = []
    desk.transport.answer = () =>
      new Promise((resolve) => acknowledge.push(() => resolve({ outcome: 'acknowledged', at: new Date() })))
    desk.conversations.start()
    for (const text of ['one', 'two']) desk.receive('', text, byLid)
    await desk.until(() => acknowledge.length === 1 && desk.named('agent.turnFinished').length === 2)
    desk.receive(ALICE, 'three')
    await desk.until(() => desk.named('agent.turnFinished').length === 3)
    learn(desk)
    await desk.settle()
    for (let sent = 1; sent <= 3; sent += 1) {
      await desk.until(() => acknowledge.length > 0)
      for (const each of acknowledge.splice(0)) each()
      await desk.until(() => desk.named('message.sent').length >= sent)
    }
    expect(desk.transport.texts().filter((text) => text !== 'three')).toEqual(['one', 'two'])
    expect(desk.transport.texts()).toHaveLength(3)
    // They are for the person, wherever they were asked from.
    expect(desk.transport.sent.at(-1)?.person).toBe(ALICE)
  })

  it('messages that wait for a pause in writing are joined under the number', async () => {
    const desk = new Desk({ ...OPEN, debounceMs: 30 })
    const agent = new HeldAgent()
    desk.agent = agent
    desk.conversations.start()
    desk.receive('', 'one', byLid)
    learn(desk)
    desk.receive(ALICE, 'two')
    await desk.until(() => agent.turns.length === 1)
    expect(agent.turns[0]?.texts).toEqual(['one', 'two'])
  })

  it('the events and the agent name the number from then on', async () => {
    const desk = new Desk(OPEN)
    desk.conversations.start()
    desk.receive('', 'one', byLid)
    await desk.until(() => desk.named('message.sent').length === 1)
    desk.receive(ALICE, 'two', { chat: direct(LID), sender: identity(LID, ALICE) })
    await desk.until(() => desk.named('message.sent').length === 2)
    expect(desk.named('message.sent').map(({ conversation }) => conversation)).toEqual([LID, ALICE])
    expect(namesOf(desk)).toEqual([ALICE])
  })

  it('what a claim says merges nothing', async () => {
    const { desk } = await deskWithBoth()
    const claim = { alternate: '15550001111@s.whatsapp.net', phoneNumber: ALICE }
    desk.conversations.senderResolved(identity(LID, ALICE, { claim }))
    desk.receive('', 'forged', { chat: direct(LID), sender: identity(LID, ALICE, { conflict: true }) })
    expect(namesOf(desk)).toEqual([LID, ALICE])
  })
})
