import { describe, expect, it } from 'vitest'
import type { AnsweringAgent } from '../../../../src/agents/agent.ts'
import { Places } from '../../../../src/timing/places.ts'
import { ALICE, BOB, Desk } from '../desk.ts'
import { HeldAgent } from '../held-agent.ts'

const AGENTS = { slow: { connector: 'echo', settings: {} }, quick: { connector: 'echo', settings: {} } }

/** An agent that answers one turn at a time, when the test says so. */
function oneAtATime(): { held: HeldAgent; agent: AnsweringAgent; places: Places } {
  const held = new HeldAgent()
  const places = new Places(1)
  return {
    held,
    places,
    agent: { reply: (turn, signal) => held.reply(turn, signal), place: (signal) => places.take(signal) },
  }
}

function slowDesk(agent: AnsweringAgent): Desk {
  const desk = new Desk({
    access: { dmPolicy: 'open', allowFrom: ['*'] },
    agents: AGENTS,
    defaultAgent: 'slow',
  })
  desk.agents.set('slow', agent)
  desk.conversations.start()
  return desk
}

describe('turns that wait for a place', () => {
  // Sixty-four of them were all that an account would run: nobody else was answered until the slow agent was.
  it('leave the other agents and the commands to everybody else', async () => {
    const { held, agent } = oneAtATime()
    const desk = slowDesk(agent)
    for (let count = 0; count < 70; count += 1) desk.receive(`+1555100${1_000 + count}`, 'hello')
    desk.receive(ALICE, '@quick hello')
    desk.receive(BOB, '/agents')
    await desk.until(() => desk.named('message.sent').length === 2)
    expect(held.turns).toHaveLength(1)
    expect(desk.transport.texts()).toEqual(
      expect.arrayContaining(['hello', expect.stringContaining('Agents:')]),
    )
  })

  // They were asked of the agent that was replaced meanwhile, which had stopped.
  it.each(['replaced', 'removed'])(
    'are answered by the agent that the config has when one is %s',
    async (how) => {
      const { agent, places } = oneAtATime()
      const desk = slowDesk(agent)
      for (const person of [ALICE, BOB]) desk.receive(person, 'hello')
      await desk.until(() => desk.named('agent.turnStarted').length === 1)
      const answers: AnsweringAgent = {
        async *reply() {
          yield { type: 'delta', text: 'I am the new one' }
        },
      }
      if (how === 'removed') desk.config = { ...desk.config, defaultAgent: 'quick' }
      desk.agents.set(how === 'removed' ? 'quick' : 'slow', answers)
      desk.agents.set('slow', answers)
      places.open()
      await desk.until(() => desk.named('message.sent').length === 1)
      expect(desk.transport.sent).toMatchObject([{ text: 'I am the new one' }])
    },
  )

  it('are at most sixty-four in an account once they have one', async () => {
    const held = new HeldAgent()
    const desk = slowDesk(held)
    for (let count = 0; count < 70; count += 1) desk.receive(`+1555100${1_000 + count}`, 'hello')
    await desk.until(() => held.turns.length === 64)
    await desk.settle()
    expect(held.turns).toHaveLength(64)
    held.answer()
    await desk.until(() => held.turns.length === 70)
  })
})
