import { afterEach, describe, expect, it } from 'vitest'
import { SENTENCES } from '../../src/conversations/notices/sentences.ts'
import { AttachedProgram } from '../support/attached-program.ts'
import { ALICE, MALLORY, OWNER, Stack, type StackOptions } from '../support/stack.ts'

const AGENTS = { ada: { connector: 'websocket', waitSeconds: 1 }, bob: { connector: 'echo' } }

describe('an agent that a program attaches to', () => {
  let stack: Stack
  afterEach(() => stack.stop())

  const start = async (options: StackOptions = {}): Promise<void> => {
    stack = await Stack.start({
      allowFrom: [ALICE, MALLORY],
      channel: { agents: AGENTS, defaultAgent: 'ada' },
      ...options,
    })
    await stack.link()
  }

  it('answers through it, piece by piece, and the program learns who asks', async () => {
    await start()
    const program = await AttachedProgram.attach(stack, { agent: 'ada' })
    expect(stack.account().assistant).toMatchObject({ agent: 'ada', ok: true })
    await stack.alice.sendText(OWNER, 'hello')
    const turn = await program.turn()
    expect(turn).toMatchObject({
      type: 'turn',
      account: 'default',
      sessionId: `wa_${ALICE.slice(1)}`,
      sender: { phoneNumber: ALICE, name: 'Alice', isOwner: false },
      messages: [{ text: 'hello' }],
    })
    await program.say(turn.id, 'You said ', '**hello**')
    await stack.alice.waitForText('You said *hello*')
    // Nothing of what others write, and no event of the account.
    expect(program.client.events.map(({ method }) => method)).toEqual(['agent.turn'])
  })

  it('keeps messages while nobody is attached, also over a restart, and says so once', async () => {
    await start()
    expect(stack.account().assistant).toMatchObject({
      ok: false,
      lastFailure: { code: 'not_attached', message: 'No assistant is attached to the agent "ada".' },
    })
    await stack.alice.sendText(OWNER, 'anybody?')
    await stack.alice.waitForText(SENTENCES.assistantAway)
    await stack.stopDaemon()
    await stack.startDaemon()
    await stack.untilState('connected')
    const program = await AttachedProgram.attach(stack, { agent: 'ada' })
    const turn = await program.turn()
    expect(turn.messages).toMatchObject([{ text: 'anybody?' }])
    await program.say(turn.id, 'Here I am')
    await stack.alice.waitForText('Here I am')
    expect(stack.alice.received.map(({ text }) => text)).toEqual([SENTENCES.assistantAway, 'Here I am'])
  })

  it('tells those who wait as soon as the config says, also while they wait', async () => {
    const agentsOf = (waitSeconds: number) => ({ agents: { ada: { connector: 'websocket', waitSeconds } } })
    await start({ channel: { ...agentsOf(3_600), defaultAgent: 'ada' } })
    await stack.alice.sendText(OWNER, 'anybody?')
    await stack.untilEvent('message.received')
    stack.writeConfig([ALICE], agentsOf(0))
    await stack.alice.waitForText(SENTENCES.assistantAway)
    const program = await AttachedProgram.attach(stack, { agent: 'ada' })
    await program.say((await program.turn()).id, 'Here I am')
    await stack.alice.waitForText('Here I am')
  })

  it('is handed a turn again, under its id, when the program dies, and says nothing twice', async () => {
    await start()
    const first = await AttachedProgram.attach(stack, { agent: 'ada' })
    await stack.alice.sendText(OWNER, 'tell me')
    const turn = await first.turn()
    const text = 'First paragraph.\n\nSecond'
    await first.client.request('agent.delta', { turn: turn.id, text })
    await stack.alice.waitForText('First paragraph.')
    await first.die()
    const second = await AttachedProgram.attach(stack, { agent: 'ada' })
    const again = await second.turn()
    expect(again.id).toBe(turn.id)
    await second.say(again.id, 'First paragraph.', '\n\nSecond paragraph.')
    await stack.alice.waitForText('Second paragraph.')
    expect(stack.alice.received.map((each) => each.text)).toEqual(['First paragraph.', 'Second paragraph.'])
  })

  it('loses its program when the token of it expires, and gives its turn to the one with a new token', async () => {
    await start()
    const first = await AttachedProgram.connect(stack, ['agent'], 2)
    await first.client.request('agent.attach', { agent: 'ada' })
    await stack.alice.sendText(OWNER, 'tell me')
    const { id } = await first.turn()
    expect(await first.client.closed).toEqual({ code: 4440, reason: 'token_expired' })
    await stack.until('nobody attached', () => stack.account().assistant?.ok === false)
    expect(stack.account().assistant).toMatchObject({ lastFailure: { code: 'not_attached' } })
    const second = await AttachedProgram.attach(stack, { agent: 'ada' })
    expect((await second.turn()).id).toBe(id)
    await second.say(id, 'Here I am')
    await stack.alice.waitForText('Here I am')
    expect(stack.account().assistant).toMatchObject({ ok: true })
  })

  it('has one program: a second one takes its place and its turns, and the first is told', async () => {
    await start()
    const first = await AttachedProgram.attach(stack, { agent: 'ada' })
    await stack.alice.sendText(OWNER, 'hello')
    const { id } = await first.turn()
    const second = await AttachedProgram.attach(stack, { agent: 'ada' })
    const told = await first.client.event('agent.detached')
    expect(told.params).toMatchObject({ agent: 'ada', account: 'default', reason: 'replaced' })
    expect((await second.turn()).id).toBe(id)
    expect(await first.codeOf('agent.done', { turn: id, text: 'mine' })).toBe('turn_not_yours')
    await second.say(id, 'from the second')
    await stack.alice.waitForText('from the second')
    expect(stack.alice.received).toHaveLength(1)
  })

  it('refuses answers that are second, late, foreign, or for nothing', async () => {
    await start({
      channel: { agents: { ada: { connector: 'websocket', timeoutSeconds: 1 } }, defaultAgent: 'ada' },
    })
    const program = await AttachedProgram.attach(stack, { agent: 'ada' })
    const stranger = await AttachedProgram.connect(stack)
    expect(await stranger.codeOf('agent.done', { turn: 'any' })).toBe('not_attached')
    expect(await program.codeOf('agent.done', { turn: 'any' })).toBe('turn_not_found')
    expect(await program.codeOf('agent.attach', { agent: 'nobody' })).toBe('agent_not_found')
    expect(await program.codeOf('agent.attach', { agent: 'ada', account: 'none' })).toBe('account_not_found')
    const reader = await AttachedProgram.connect(stack, ['read', 'send', 'link', 'config'])
    expect(await reader.codeOf('agent.attach', { agent: 'ada' })).toBe('forbidden')
    await stack.alice.sendText(OWNER, 'one')
    const one = await program.turn()
    await program.say(one.id, 'first')
    await stack.alice.waitForText('first')
    expect(await program.codeOf('agent.done', { turn: one.id, text: 'second' })).toBe('turn_answered')
    await stack.alice.sendText(OWNER, 'two')
    const two = await program.turn()
    await program.client.event('agent.cancel', ({ turn }) => turn === two.id)
    expect(await program.codeOf('agent.done', { turn: two.id, text: 'too late' })).toBe('turn_over')
    await stack.alice.waitForText(SENTENCES.failed)
    expect(stack.alice.received.map(({ text }) => text)).toEqual(['first', SENTENCES.failed])
    expect(stack.account().assistant).toMatchObject({ ok: false, lastFailure: { code: 'timeout' } })
  })

  it('loses its program when the config names it no more', async () => {
    await start()
    const program = await AttachedProgram.attach(stack, { agent: 'ada' })
    stack.writeConfig([ALICE], { agents: { bob: { connector: 'echo' } }, defaultAgent: 'bob' })
    const told = await program.client.event('agent.detached')
    expect(told.params).toMatchObject({ agent: 'ada', reason: 'agent_removed' })
    stack.writeConfig([ALICE])
    await stack.until('an agent without a program', () => stack.account().assistant?.agent === 'ada')
    expect(stack.account().assistant?.ok).toBe(false)
  })

  it('serves every account that has it, and tells them apart', async () => {
    await start({ channel: { agents: AGENTS, defaultAgent: 'ada', accounts: { default: {}, work: {} } } })
    const everywhere = await AttachedProgram.attach(stack, { agent: 'ada' })
    const work = await AttachedProgram.attach(stack, { agent: 'ada', account: 'work' })
    const told = await everywhere.client.event('agent.detached')
    expect(told.params).toMatchObject({ account: 'work', reason: 'replaced' })
    await stack.alice.sendText(OWNER, 'hello')
    const turn = await everywhere.turn()
    expect(turn.account).toBe('default')
    expect(await work.codeOf('agent.done', { turn: turn.id })).toBe('turn_not_yours')
    await everywhere.say(turn.id, 'hi')
    await stack.alice.waitForText('hi')
  })

  it('gives up on a question at which its program dies again and again', async () => {
    await start()
    await stack.alice.sendText(OWNER, 'poison')
    for (let time = 0; time < 5; time += 1) {
      const program = await AttachedProgram.attach(stack, { agent: 'ada' })
      await program.turn()
      await program.die()
    }
    await AttachedProgram.attach(stack, { agent: 'ada' })
    await stack.alice.waitForText(SENTENCES.failed)
    expect(stack.published('agent.turnFinished')).toMatchObject([{ outcome: 'failed', code: 'interrupted' }])
  })
})
