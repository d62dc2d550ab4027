import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { AgentServer } from '../support/agent-server.ts'
import { ALICE, MALLORY, OWNER, Stack } from '../support/stack.ts'

describe('an agent that somebody chooses in the chat', () => {
  let server: AgentServer
  let stack: Stack
  beforeEach(async () => {
    server = await AgentServer.start()
    stack = await Stack.start({ channel: { agents: server.agents('ada', 'bob', 'eve') } })
    await stack.link()
  })
  afterEach(async () => {
    await stack.stop()
    await server.stop()
  })

  const says = (text: string | RegExp) =>
    stack.alice.waitForText((message) =>
      typeof text === 'string' ? message.text === text : text.test(message.text),
    )
  /** As WhatsApp stamps a message that is sent so much later. */
  const later = (minutes: number) => ({
    attributes: { t: String(Math.floor(Date.now() / 1_000) + minutes * 60) },
  })

  it('answers that person there, also after a restart, until the time is over', async () => {
    await stack.alice.sendText(OWNER, '/agent bob', { addressing: 'pn' })
    await says('bob answers you here from now on, until 30 minutes after your last message.')
    await stack.alice.sendText(OWNER, 'one', { addressing: 'lid' })
    await says('bob: one')
    await stack.stopDaemon()
    await stack.startDaemon()
    await stack.untilState('connected')
    await stack.alice.sendText(OWNER, 'two', later(25))
    await says('bob: two')
    await stack.alice.sendText(OWNER, 'three', later(50))
    await says('bob: three')
    await stack.alice.sendText(OWNER, 'four', later(81))
    await says('ada: four')
    expect(server.asked.flatMap(({ messages }) => messages).map(({ content }) => content)).not.toContain(
      '/agent bob',
    )
  })

  it('is in force for what comes behind the choice, though the daemon goes down in between', async () => {
    server.hold()
    for (const text of ['one', '/agent bob', 'two', '@eve three', '/agents']) {
      await stack.alice.sendText(OWNER, text)
    }
    await stack.until('the messages', () => stack.published('message.received').length === 5)
    await stack.stopDaemon()
    server.release()
    await stack.startDaemon()
    await says(/^Agents:[^]*- eve, who answers you here/)
    expect(stack.alice.received.map(({ text }) => text.split('\n')[0])).toEqual([
      'ada: one',
      'bob answers you here from now on, until 30 minutes after your last message.',
      'bob: two',
      'eve: three',
      'Agents:',
    ])
    expect(stack.alice.duplicates).toEqual([])
  })

  it('is chosen in a group by a mention of the account, for that person and that group', async () => {
    const members = [stack.alice, stack.owner, stack.mallory]
    const family = stack.simulator.createGroup({ subject: 'Family', members })
    stack.writeConfig([ALICE, MALLORY], { groups: { [family.jid]: { agent: 'eve' } } })
    await stack.untilEvent('config.applied')
    await stack.alice.sendGroupText(family, '/agent bob', { mention: OWNER })
    const { chat } = await says(/^bob answers you here/)
    expect(chat).toBe(family.jid)
    await stack.alice.sendGroupText(family, 'hi', { mention: OWNER })
    await says(/^bob: .*hi$/)
    await stack.mallory.sendGroupText(family, 'hi', { mention: OWNER })
    await says(/^eve: .*hi$/)
    await stack.mallory.sendGroupText(family, '@ada hello', { mention: OWNER })
    await says(/^ada: .*hello$/)
    await stack.alice.sendText(OWNER, 'hi')
    await says('ada: hi')
  })

  it('and commands are for those who may talk', async () => {
    await stack.mallory.sendText(OWNER, '/agents')
    await stack.untilEvent('message.blocked')
    await stack.alice.sendText(OWNER, '/think')
    await says('ada: /think')
    expect(stack.mallory.received).toEqual([])
  })

  it('sticks for as long as a dashboard says', async () => {
    const client = await stack.client()
    const setMinutes = async (value: number): Promise<void> => {
      const { revision } = await client.request('config.get', {})
      await client.request('config.update', { revision, changes: [{ path: 'stickyTtlMinutes', value }] })
      const { accounts, editable } = await client.request('config.get', {})
      expect(accounts['default']?.stickyTtlMinutes).toBe(value)
      expect(editable).toContain('stickyTtlMinutes')
    }
    try {
      await setMinutes(120)
      await stack.alice.sendText(OWNER, '@bob one')
      await says('bob: one')
      await stack.alice.sendText(OWNER, 'two', later(100))
      await says('bob: two')
      await setMinutes(0)
      await stack.alice.sendText(OWNER, 'three', later(100))
      await says('ada: three')
    } finally {
      client.close()
    }
  })
})
