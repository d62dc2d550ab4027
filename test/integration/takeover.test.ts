import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { AgentServer } from '../support/agent-server.ts'
import { ALICE, OWNER, Stack } from '../support/stack.ts'
import { BareBot } from './simulator-bare-bot.ts'

// People with an assistant on their number answer some messages themselves, on the phone. The assistant talked over them.
describe('the owner answers on the phone', () => {
  let server: AgentServer
  let stack: Stack

  beforeEach(async () => {
    // Baileys' own libsignal prints the sessions that it replaces.
    for (const method of ['info', 'warn'] as const) vi.spyOn(console, method).mockReturnValue()
    server = await AgentServer.start()
    server.answer = 'the answer'
    stack = await Stack.start({
      // The second device is a plain Baileys, which such devices keep from writing to anybody.
      simulator: { hasUnkeyedDevices: false },
      channel: { agents: server.agents('ada'), groups: { '*': {} } },
    })
    await stack.link()
  })
  afterEach(async () => {
    vi.restoreAllMocks()
    await stack.stop()
    await server.stop()
  })

  const skipped = (count: number) =>
    stack.until('the skip', () => stack.published('message.skipped').length >= count)
  const taken = (count = 1) => stack.until('the takeover', () => stack.account().takenOver === count)
  /** What Alice's phone shows, without commands and what they are answered. */
  const shown = (): string[] =>
    stack.alice.received.map(({ text }) => text).filter((text) => !/resume|again/.test(text))
  const resume = async (): Promise<void> => {
    await stack.owner.sendText(ALICE, '/resume')
    await stack.alice.waitForText(/answers in this chat again/)
  }
  /** Asks, and resolves when the assistant is at work. */
  const ask = async (text: string): Promise<void> => {
    const { length } = stack.published('agent.turnStarted')
    await stack.alice.sendText(OWNER, text)
    await stack.until('the turn', () => stack.published('agent.turnStarted').length > length)
  }

  it('and the turn that runs ends, until the chat is handed back', async () => {
    server.hold()
    await ask('one')
    await stack.owner.sendText(ALICE, 'I take this')
    await stack.untilEvent('agent.turnFinished', ({ outcome }) => outcome === 'cancelled')
    server.release()
    await taken()
    await stack.alice.sendText(OWNER, 'two')
    await skipped(1)
    await resume()
    await stack.alice.sendText(OWNER, 'three')
    await stack.alice.waitForText('the answer')
    expect(shown()).toEqual(['I take this', 'the answer'])
    expect(
      server.asked
        .at(-1)
        ?.messages.map(({ content }) => content)
        .join('\n'),
    ).toMatch(/one[^]*wrote this by hand[^]*I take this[^]*two[^]*three/)
  })

  it('while the answer waits for keys on its way out, and it never leaves', async () => {
    const keys = stack.simulator.faults.withholdAnswers({ xmlns: 'encrypt' })
    stack.alice.forgetSession(stack.owner.account.primary)
    await ask('one')
    await stack.untilEvent('message.queued')
    await stack.owner.sendText(ALICE, 'I take this')
    await taken()
    keys.clear()
    await stack.untilEvent('message.discarded', undefined, 90_000)
    await resume()
    expect(shown()).toEqual(['I take this'])
  })

  it('after the answer has left: it arrives once, and is not sent again', async () => {
    const lost = stack.simulator.faults.loseAcks('deliver', { times: 1 })
    await ask('one')
    await stack.alice.waitForText('the answer')
    await stack.owner.sendText(ALICE, 'I take this')
    await taken()
    lost.clear()
    await stack.accounts.reconnect('default')
    await stack.untilState('connected')
    await resume()
    expect(shown()).toEqual(['the answer', 'I take this'])
    expect(stack.alice.duplicates).toHaveLength(0)
  })

  it('not with a reaction, an edit or a deletion', async () => {
    const written = await stack.owner.sendText(ALICE, 'before')
    await taken()
    await resume()
    await taken(0)
    const { id } = await stack.alice.sendText(OWNER, 'one')
    await stack.alice.waitForText('the answer')
    const asked = await stack.owner.waitForText((message) => message.id === id)
    await stack.owner.react(asked, '👍')
    await stack.owner.edit(written, 'before, corrected')
    await stack.owner.revoke(await stack.owner.waitForText('the answer'), { as: 'author' })
    await stack.untilEvent('message.edited')
    await ask('two')
    expect(stack.account().takenOver).toBe(0)
  })

  it('with another linked device', async () => {
    const second = new BareBot(stack.simulator)
    try {
      await second.linkTo(OWNER)
      await second.socket.sendMessage(stack.alice.lid, { text: 'from my laptop' })
      await taken()
      await stack.alice.sendText(OWNER, 'one')
      await skipped(1)
    } finally {
      await second.stop()
    }
  })

  it.each(['lid', 'pn'] as const)(
    'under the other name of the person (%s), in a burst',
    async (addressing) => {
      await ask('one')
      await stack.alice.waitForText('the answer')
      await Promise.all(
        ['so', 'here', 'I am'].map((text) => stack.owner.sendText(ALICE, text, { addressing })),
      )
      await taken()
      const other = addressing === 'lid' ? 'pn' : 'lid'
      await stack.alice.sendText(OWNER, 'two', { addressing: other })
      await skipped(1)
      expect(stack.account().takenOver).toBe(1)
    },
  )

  it('in a group, where the settings say so', async () => {
    const family = stack.simulator.createGroup({ subject: 'Family', members: [stack.alice, stack.owner] })
    const askAll = () => stack.alice.sendGroupText(family, 'one', { mention: OWNER })
    await stack.owner.sendGroupText(family, 'hello all')
    await askAll()
    await stack.alice.waitForText('the answer')
    stack.writeConfig([ALICE], { takeover: { groups: true } })
    await stack.untilEvent('config.applied')
    await stack.owner.sendGroupText(family, 'hello, too')
    await taken()
    await askAll()
    await skipped(1)
    expect(shown()).toEqual(['hello all', 'the answer', 'hello, too'])
  })

  it('while the daemon is away, and over its restarts', async () => {
    await stack.stopDaemon()
    await stack.alice.sendText(OWNER, 'one')
    await stack.owner.sendText(ALICE, 'I take this')
    await stack.alice.sendText(OWNER, 'two')
    await stack.startDaemon()
    await stack.untilState('connected')
    await skipped(1)
    await stack.stopDaemon()
    await stack.startDaemon()
    await stack.untilState('connected')
    expect(stack.account().takenOver).toBe(1)
    await stack.alice.sendText(OWNER, 'three')
    await skipped(2)
    await resume()
    await ask('four')
    await stack.alice.waitForText('the answer')
    expect(shown().filter((text) => text === 'the answer')).toHaveLength(1)
  })

  it('or a program takes the chat over, hands it back, and switches the assistant off', async () => {
    const client = await stack.client()
    const news: unknown[] = []
    client.on('conversation.updated', ({ assistant }) => news.push(assistant?.state))
    await ask('one')
    await stack.alice.waitForText('the answer')
    const until = await client.request('conversations.takeOver', { conversation: ALICE, minutes: 5 })
    expect(until.assistant).toMatchObject({ state: 'paused', pausedBy: 'api' })
    // News of one conversation that follow each other at once come as one.
    await expect.poll(() => news).toContain('paused')
    const { since, until: end } = until.assistant
    expect(Date.parse(end ?? '') - Date.parse(since ?? '')).toBe(5 * 60_000)
    const { conversation } = await client.request('conversations.get', { conversation: until.conversationId })
    expect(conversation.assistant).toEqual(until.assistant)
    const held = await client.request('conversations.takeOver', { conversation: ALICE, minutes: null })
    expect(held.assistant).toMatchObject({ until: null })
    expect((await client.request('conversations.resume', { conversation: ALICE })).assistant.state).toBe('on')
    await client.request('conversations.setAssistant', { conversation: ALICE, on: false })
    await stack.alice.sendText(OWNER, 'two')
    await stack.untilEvent('message.skipped', ({ reason }) => reason === 'assistant_off')
    await stack.stopDaemon()
    await stack.startDaemon()
    await stack.untilState('connected')
    await stack.alice.sendText(OWNER, 'three')
    await stack.until('the skip', () => stack.published('message.skipped').length === 2)
    const again = await stack.client()
    await again.request('conversations.resume', { conversation: ALICE })
    expect(
      (await again.request('conversations.get', { conversation: ALICE })).conversation.assistant.state,
    ).toBe('off')
    await again.request('conversations.setAssistant', { conversation: ALICE, on: true })
    await ask('four')
    await expect.poll(() => news).toContain('off')
    for (const each of [client, again]) each.close()
  })
})
