import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { SimulatedGroup } from '../../src/simulator/server/groups/group.ts'
import type { SimulatedPhone } from '../../src/simulator/phones/phone.ts'
import { AgentServer } from '../support/agent-server.ts'
import { ALICE, MALLORY, OWNER, Stack, type StackOptions } from '../support/stack.ts'
import { inTime } from '../support/in-time.ts'

describe('the agent of a number', () => {
  let server: AgentServer
  let stack: Stack
  beforeEach(async () => {
    server = await AgentServer.start()
  })
  afterEach(async () => {
    await stack.stop()
    await server.stop()
  })

  const start = async (channel: Record<string, unknown>, options: StackOptions = {}): Promise<void> => {
    stack = await Stack.start({
      allowFrom: [ALICE, OWNER],
      channel: { agents: server.agents('ada', 'bob', 'eve'), ...channel },
      ...options,
    })
    await stack.link()
  }

  it('answers that person in direct chats and in the chat with oneself, the default one everybody else', async () => {
    await start({
      senders: { '1 (555) 000-0002': { agent: 'bob', name: 'Alice B.' }, [OWNER]: { agent: 'eve' } },
    })
    stack.writeConfig([ALICE, MALLORY, OWNER])
    await stack.untilEvent('config.applied')
    await stack.alice.sendText(OWNER, 'hello', { addressing: 'pn' })
    await stack.alice.waitForText('bob: hello')
    await stack.mallory.sendText(OWNER, 'hello')
    await stack.mallory.waitForText('ada: hello')
    await stack.owner.sendToSelf('hello')
    await stack.owner.waitForText('eve: hello')
    const [received] = stack.published('message.received')
    expect(received).toMatchObject({ phoneNumber: ALICE, name: 'Alice B.' })
  })

  // With an open list WhatsApp is asked for nobody's LID but that of those whom the config names.
  it('is known by the LID of the number, also where the envelope tells no number', async () => {
    await start({ dmPolicy: 'open' }, { allowFrom: ['*'] })
    const asked = new Promise<void>((resolve) => {
      stack.simulator.onTrace(({ direction, node }) => {
        const isQuestion = direction === 'in' && node.tag === 'iq' && node.attrs.xmlns === 'usync'
        if (isQuestion && JSON.stringify(node.content).includes(ALICE.slice(1))) resolve()
      })
    })
    stack.writeConfig(['*'], { senders: { [ALICE]: { agent: 'bob' } } })
    await inTime('the question for the LID', asked)
    await stack.alice.sendText(OWNER, 'one', { addressing: 'lid', attributes: { sender_pn: '' } })
    await stack.alice.waitForText('bob: one')
    await stack.mallory.sendText(OWNER, 'two', { addressing: 'lid' })
    await stack.mallory.waitForText('ada: two')
  })

  it('is followed as the file changes', async () => {
    await start({})
    await stack.alice.sendText(OWNER, 'one')
    await stack.alice.waitForText('ada: one')
    stack.writeConfig([ALICE], { senders: { [ALICE]: { agent: 'eve' } } })
    await stack.untilEvent('config.applied', ({ changed }) => changed.includes('accounts.default.senders'))
    await stack.alice.sendText(OWNER, 'two')
    await stack.alice.waitForText('eve: two')
    stack.writeConfig([ALICE], { senders: { [ALICE]: { agent: 'nobody' } } })
    await stack.untilEvent('config.rejected')
    await stack.alice.sendText(OWNER, 'three')
    await stack.alice.waitForText('eve: three')
  })

  it('answers in groups, unless the group has one of its own', async () => {
    await start({ senders: { [ALICE]: { agent: 'bob' } } })
    const members = [stack.alice, stack.owner, stack.mallory]
    const family = stack.simulator.createGroup({ subject: 'Family', members })
    const work = stack.simulator.createGroup({ subject: 'Work', members })
    stack.writeConfig([ALICE, MALLORY], { groups: { '*': {}, [work.jid]: { agent: 'eve' } } })
    await stack.untilEvent('config.applied')
    const answered = (phone: SimulatedPhone, group: SimulatedGroup, agent: string) =>
      phone.waitForText(({ chat, text }) => chat === group.jid && text.startsWith(`${agent}: `))
    await stack.alice.sendGroupText(family, 'hi', { mention: OWNER })
    await answered(stack.alice, family, 'bob')
    await stack.mallory.sendGroupText(family, 'hi', { mention: OWNER })
    await answered(stack.mallory, family, 'ada')
    await stack.alice.sendGroupText(work, 'hi', { mention: OWNER })
    await answered(stack.alice, work, 'eve')
  })

  it('is set and read by a dashboard', async () => {
    await start({})
    const client = await stack.client()
    try {
      const { revision, editable } = await client.request('config.get', {})
      expect(editable).toContain('senders')
      await client.request('config.update', {
        revision,
        changes: [
          { path: ['senders', ALICE, 'agent'], value: 'bob' },
          { path: ['senders', ALICE, 'name'], value: 'Alice B.' },
        ],
      })
      const { accounts } = await client.request('config.get', {})
      expect(accounts['default']?.senders).toEqual({ [ALICE]: { agent: 'bob', name: 'Alice B.' } })
      await stack.alice.sendText(OWNER, 'hello')
      await stack.alice.waitForText('bob: hello')
    } finally {
      client.close()
    }
  })
})
