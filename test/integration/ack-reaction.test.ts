import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { SimulatedPhone } from '../../src/simulator/phones/phone.ts'
import type { Stanza } from '../../src/simulator/wire/stanza.ts'
import { AgentServer } from '../support/agent-server.ts'
import { CommandLine } from '../support/command-line.ts'
import { ALICE, MALLORY, OWNER, Stack } from '../support/stack.ts'

describe('the reaction that says "seen"', () => {
  let server: AgentServer
  let stack: Stack
  beforeEach(async () => {
    // Baileys' own libsignal prints the sessions that it replaces.
    for (const method of ['info', 'warn'] as const) vi.spyOn(console, method).mockReturnValue()
    server = await AgentServer.start()
  })
  afterEach(async () => {
    vi.restoreAllMocks()
    await stack.stop()
    await server.stop()
  })

  const start = async (ackReaction: Record<string, unknown>, channel: Record<string, unknown> = {}) => {
    stack = await Stack.start({
      allowFrom: [ALICE, OWNER],
      channel: { agents: server.agents('ada'), ackReaction, ...channel },
    })
    await stack.link()
  }
  /** `emoji to id`, in the order in which this phone got them. */
  const reactions = (phone: SimulatedPhone): string[] =>
    phone.received.flatMap(({ reaction }) =>
      reaction === undefined ? [] : [`${reaction.emoji || 'none'} to ${reaction.id}`],
    )
  const reacts = (phone: SimulatedPhone, emoji: string, id: string) =>
    phone.waitForText(({ reaction }) => reaction?.emoji === emoji && reaction.id === id)

  it.each(['lid', 'pn'] as const)(
    'is seen at once, by %s, and stays behind the answer',
    async (addressing) => {
      await start({ emoji: 'eyes' })
      server.hold()
      const { id } = await stack.alice.sendText(OWNER, 'hello', { addressing })
      const seen = await reacts(stack.alice, '👀', id)
      expect(seen).toMatchObject({ from: OWNER, text: '', stanza: { attrs: { type: 'reaction' } } })
      expect(seen.message.reactionMessage?.key).toMatchObject({ id, fromMe: false })
      server.release()
      const reply = await stack.alice.waitForText('ada: hello')
      expect(reply.order).toBeGreaterThan(seen.order)
      await stack.alice.sendText(OWNER, '/agents')
      await stack.alice.waitForText(({ text }) => text.startsWith('Agents:'))
      expect(reactions(stack.alice)).toEqual([`👀 to ${id}`])
      expect(stack.published('message.queued')).toHaveLength(2)
      expect(stack.alice.undecryptable).toEqual([])
    },
  )

  it('goes away after the answer, also when the daemon went down in between', async () => {
    await start({ emoji: '⏳', removeAfterReply: true })
    const first = await stack.alice.sendText(OWNER, 'one')
    await stack.alice.waitForText('ada: one')
    await reacts(stack.alice, '', first.id)
    server.hold()
    const second = await stack.alice.sendText(OWNER, 'two')
    await reacts(stack.alice, '⏳', second.id)
    await stack.stopDaemon()
    server.release()
    await stack.startDaemon()
    const reply = await stack.alice.waitForText('ada: two')
    const removal = await reacts(stack.alice, '', second.id)
    expect(removal.order).toBeGreaterThan(reply.order)
    expect(reactions(stack.alice)).toEqual([
      `⏳ to ${first.id}`,
      `none to ${first.id}`,
      `⏳ to ${second.id}`,
      `none to ${second.id}`,
    ])
    expect(stack.alice.duplicates).toEqual([])
  })

  it('holds up no answer while WhatsApp does not acknowledge it', async () => {
    await start({ emoji: '👀', removeAfterReply: true })
    server.hold()
    const isReaction = ({ attrs }: Stanza): boolean => attrs.type === 'reaction'
    const loss = stack.simulator.faults.loseAcks('swallow', { times: 1, matching: isReaction })
    let sent = 0
    stack.simulator.onTrace(({ direction, node }) => {
      if (direction === 'in' && node.tag === 'message' && isReaction(node)) sent += 1
    })
    const { id } = await stack.alice.sendText(OWNER, 'hello')
    await expect.poll(() => loss.hits).toBe(1)
    server.release()
    await stack.alice.waitForText('ada: hello')
    // Still in the time that WhatsApp has for it: then it is sent again.
    expect(sent).toBe(1)
    await stack.alice.waitForText(({ reaction }) => reaction?.emoji === '' && reaction.id === id, 40_000)
  })

  it('and its removal keep a burst of answers readable, once each and in order', async () => {
    await start(
      { emoji: '👀', removeAfterReply: true, group: 'always' },
      { groups: { '*': { requireMention: false } } },
    )
    const members = [stack.alice, stack.owner, stack.mallory]
    const family = stack.simulator.createGroup({ subject: 'Family', members })
    const texts = Array.from({ length: 25 }, (_, index) => `message ${index}`)
    for (const text of texts) {
      void stack.alice.sendText(OWNER, text)
      void stack.alice.sendGroupText(family, text)
    }
    await stack.alice.waitForText('ada: message 24', 120_000)
    await stack.mallory.waitForText(
      ({ text }) => text.startsWith('ada: ') && text.endsWith('message 24'),
      120_000,
    )
    const last = await stack.alice.sendText(OWNER, 'the last')
    await reacts(stack.alice, '', last.id)
    for (const [phone, chat] of [
      [stack.alice, OWNER],
      [stack.mallory, family.jid],
    ] as const) {
      const answers = phone.received.filter((each) => each.chat === chat && each.text.startsWith('ada: '))
      expect(answers.slice(0, 25).map(({ text }) => text.replace(/^ada: (Alice: )?/, ''))).toEqual(texts)
      expect([...phone.undecryptable, ...phone.duplicates]).toEqual([])
      const shown = (): string[] => {
        const emojis = new Map<string, string>()
        for (const { chat: place, reaction } of phone.received) {
          if (place === chat && reaction !== undefined) emojis.set(reaction.id, reaction.emoji)
        }
        return [...emojis.values()]
      }
      expect(shown().length).toBeGreaterThan(0)
      await phone.waitForText(() => shown().every((emoji) => emoji === ''))
    }
  })

  it('is shown once and taken back, though the daemon is killed in between', async () => {
    await start({ emoji: '👀', removeAfterReply: true })
    await stack.stopDaemon()
    const run = (): CommandLine =>
      new CommandLine(['run', '--config', stack.configPath, '--state-dir', stack.stateDir, '--port', '0'])
    let daemon = run()
    try {
      for (const text of ['one', 'two']) {
        server.hold()
        const { id } = await stack.alice.sendText(OWNER, text)
        await stack.alice.waitForText(
          ({ reaction }) => reaction?.emoji === '👀' && reaction.id === id,
          30_000,
        )
        daemon.signal('SIGKILL')
        await daemon.exit
        server.release()
        daemon = run()
        await stack.alice.waitForText(({ reaction }) => reaction?.emoji === '' && reaction.id === id, 30_000)
        const seen = stack.alice.received.filter(({ duplicateOf }) => duplicateOf === undefined)
        expect(
          seen.filter(({ reaction }) => reaction?.id === id).map(({ reaction }) => reaction?.emoji),
        ).toEqual(['👀', ''])
        expect(seen.filter((each) => each.text === `ada: ${text}`)).toHaveLength(1)
      }
      expect(stack.alice.undecryptable).toEqual([])
    } finally {
      await daemon.end()
    }
  })

  it('is for nobody else, and for nothing but messages', async () => {
    await start({ emoji: '👀' })
    await stack.mallory.sendText(OWNER, 'let me in')
    await stack.untilEvent('message.blocked')
    const { id } = await stack.alice.sendText(OWNER, 'hello')
    const reply = await stack.alice.waitForText('ada: hello')
    await reacts(stack.alice, '👀', id)
    await stack.alice.react(reply, '👍')
    await stack.alice.sendText(OWNER, 'again', { id })
    const other = await stack.alice.sendText(OWNER, 'and more')
    await reacts(stack.alice, '👀', other.id)
    await stack.alice.waitForText('ada: and more')
    expect(reactions(stack.alice)).toEqual([`👀 to ${id}`, `👀 to ${other.id}`])
    expect(stack.mallory.received).toEqual([])
  })

  it('is seen by everybody in a group, on the message that mentions the account', async () => {
    await start(
      { emoji: '👀', direct: false, group: 'mentions' },
      { groups: { '*': { requireMention: false } } },
    )
    const members = [stack.alice, stack.owner, stack.mallory]
    const family = stack.simulator.createGroup({ subject: 'Family', members })
    await stack.alice.sendGroupText(family, 'among ourselves')
    await stack.alice.waitForText(({ text }) => text.endsWith('among ourselves'))
    const { id } = await stack.alice.sendGroupText(family, 'and you?', { mention: OWNER })
    const { message } = await reacts(stack.mallory, '👀', id)
    const { participant } = message.reactionMessage?.key ?? {}
    expect([stack.alice.jid, stack.alice.lid]).toContain(participant)
    await reacts(stack.alice, '👀', id)
    await stack.alice.sendText(OWNER, 'direct')
    await stack.alice.waitForText('ada: direct')
    expect(reactions(stack.alice)).toEqual([`👀 to ${id}`])
    expect([...stack.alice.undecryptable, ...stack.mallory.undecryptable]).toEqual([])
  })

  it('stands in the chat with oneself too', async () => {
    await start({ emoji: '👀' })
    const { id } = await stack.owner.sendToSelf('note')
    await stack.owner.waitForText('ada: note')
    const { message } = await reacts(stack.owner, '👀', id)
    expect(
      message.deviceSentMessage?.message?.reactionMessage?.key ?? message.reactionMessage?.key,
    ).toMatchObject({
      fromMe: true,
    })
  })

  // WhatsApp's phones ask again for what they cannot read, and only the disk knows what it was.
  it('is sent again to a phone that could not read it', async () => {
    await start({ emoji: '👀' })
    await stack.alice.sendText(OWNER, 'one')
    await stack.alice.waitForText('ada: one')
    const [companion] = stack.owner.companions
    if (companion === undefined) throw new Error('no linked device')
    server.hold()
    const { id } = await stack.alice.sendText(OWNER, 'two')
    stack.alice.forgetSession(companion)
    await reacts(stack.alice, '👀', id)
    expect(stack.alice.undecryptable).not.toEqual([])
  })

  it('is set by a dashboard, and a name that nobody knows is refused', async () => {
    await start({})
    const client = await stack.client()
    try {
      const { revision, editable, accounts } = await client.request('config.get', {})
      expect(editable).toContain('ackReaction')
      expect(accounts['default']?.ackEmoji).toBe('')
      await client.request('config.update', {
        revision,
        changes: [{ path: 'ackReaction.emoji', value: 'white_check_mark' }],
      })
      const now = await client.request('config.get', {})
      expect(now.accounts['default']?.ackEmoji).toBe('✅')
      const { id } = await stack.alice.sendText(OWNER, 'hello')
      await reacts(stack.alice, '✅', id)
      const refused = client.request('config.update', {
        revision: now.revision,
        changes: [{ path: 'ackReaction.emoji', value: 'eyess' }],
      })
      await expect(refused).rejects.toThrow('Did you mean "eyes"?')
      await client.request('config.update', {
        revision: now.revision,
        changes: [{ path: 'ackReaction.emoji', value: '' }],
      })
      await stack.alice.sendText(OWNER, 'bye')
      await stack.alice.waitForText('ada: bye')
      expect(reactions(stack.alice)).toHaveLength(1)
    } finally {
      client.close()
    }
    stack.writeConfig([ALICE, MALLORY], { ackReaction: { emoji: 'thumbz' } })
    const rejected = await stack.untilEvent('config.rejected')
    expect(rejected).toMatchObject({ code: 'unknown_emoji', path: 'channels.whatsapp.ackReaction.emoji' })
  })
})
