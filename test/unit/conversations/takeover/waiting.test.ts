import { describe, expect, it } from 'vitest'
import { AgentError } from '../../../../src/agents/agent-error.ts'
import type { Agent } from '../../../../src/agents/agent.ts'
import { ALICE, Desk, direct, OWN } from '../desk.ts'
import { IN_GROUP } from '../commands/command-desk.ts'

const TO_ALICE = { chat: direct('15550001111@s.whatsapp.net') }
const failing: Agent = {
  // oxlint-disable-next-line require-yield
  async *reply() {
    throw new AgentError('unreachable', 'it is not there')
  },
}
const silent: Agent = { async *reply() {} }

function deskWith(agent: Agent): Desk {
  const desk = new Desk()
  desk.agent = agent
  desk.conversations.start()
  return desk
}
const waits = (desk: Desk): [number, number] => {
  const { waiting, handedOver } = desk.conversations.attention()
  return [waiting, handedOver.length]
}

describe('a person is waited for', () => {
  it('where the assistant could not answer, until somebody does, over a crash too', async () => {
    const desk = deskWith(failing)
    desk.receive(ALICE, 'hello')
    await desk.until(() => desk.named('agent.turnFinished').length === 1)
    // Not left to a person on purpose.
    expect(waits(desk)).toEqual([1, 0])
    desk.database.commit()
    desk.crash()
    desk.conversations.start()
    expect(waits(desk)).toEqual([1, 0])
    desk.receive(OWN, 'I can', TO_ALICE)
    expect(waits(desk)).toEqual([0, 0])
  })

  it('or until the assistant answers the next question', async () => {
    const desk = deskWith(failing)
    desk.receive(ALICE, 'hello')
    await desk.until(() => waits(desk)[0] === 1)
    desk.agent = {
      async *reply() {
        yield { type: 'delta', text: 'here I am' }
      },
    }
    desk.receive(ALICE, 'and now?')
    await desk.until(() => waits(desk)[0] === 0)
  })

  it('where it said nothing on purpose', async () => {
    const desk = deskWith(silent)
    desk.receive(ALICE, 'hello')
    await desk.until(() => waits(desk)[0] === 1)
    expect(waits(desk)).toEqual([1, 1])
  })

  it('where its answer did not arrive, until somebody looks after that', async () => {
    const desk = new Desk()
    desk.conversations.start()
    desk.transport.answer = () => ({ outcome: 'refused', code: 'no', message: 'No.' })
    desk.receive(ALICE, 'hello')
    await desk.until(() => desk.named('message.failed').length === 1)
    expect(waits(desk)).toEqual([1, 0])
    const [{ messageId } = {}] = desk.named('message.failed')
    desk.conversations.outbox.retry(String(messageId))
    expect(waits(desk)).toEqual([0, 0])
    await desk.until(() => waits(desk)[0] === 1)
    desk.conversations.outbox.discard(String(messageId))
    expect(waits(desk)).toEqual([0, 0])
  })

  it('in a group only by those who asked the assistant', async () => {
    const desk = deskWith(failing)
    desk.config = {
      ...desk.config,
      groupAccess: {
        groupPolicy: 'allowlist',
        groupAllowFrom: null,
        groups: { '*': { requireMention: false } },
      },
    }
    desk.receive(ALICE, 'hello', { ...IN_GROUP, mentionsUs: false })
    await desk.until(() => desk.named('agent.turnFinished').length === 1)
    expect(waits(desk)).toEqual([0, 0])
    desk.receive(ALICE, 'hello', IN_GROUP)
    await desk.until(() => waits(desk)[0] === 1)
  })
})
