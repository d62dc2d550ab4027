import { cpSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { AgentServer } from '../support/agent-server.ts'
import { ALICE, MALLORY, OWNER, Stack } from '../support/stack.ts'

const GROUP_RULES = { groups: { '*': {} } }

/*
 * What the account's owner writes by hand, on the phone: in chats with people who may talk it belongs to the
 * conversation; of every other chat not a word may be written to the disk.
 */
describe("the owner's own words", () => {
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

  const start = async (channel: Record<string, unknown> = {}): Promise<void> => {
    stack = await Stack.start({
      channel: { agents: server.agents('ada'), takeover: { onPhoneReply: false }, ...channel },
    })
    await stack.link()
  }
  /** The files of the state directory that contain this text, logs included. */
  const filesWith = (text: string): string[] =>
    readdirSync(stack.stateDir, { recursive: true, withFileTypes: true }).flatMap((entry) => {
      const path = join(entry.parentPath, entry.name)
      return entry.isFile() && readFileSync(path).includes(text) ? [path] : []
    })
  const messages = (): unknown[] => {
    const path = join(stack.stateDir, 'accounts', 'default', 'account.db')
    const database = new DatabaseSync(path, { readOnly: true })
    try {
      return database
        .prepare(
          `SELECT name, author, text, revoked FROM messages JOIN conversations ON id = conversation
           ORDER BY place, is_reply, sequence`,
        )
        .all()
        .map((row) => ({ ...row }))
    } finally {
      database.close()
    }
  }
  /** What came before on the same link has been taken in when this is answered. */
  const answered = async (text: string): Promise<string> => {
    await stack.alice.sendText(OWNER, text)
    const { text: reply } = await stack.alice.waitForText((message) => message.text.includes(text))
    return reply
  }
  const lastAsked = (): { role: string; content: string }[] => server.asked.at(-1)?.messages ?? []

  it.each(['lid', 'pn'] as const)(
    'are in the history of an allowed person, and the agent is told whose they are (%s)',
    async (addressing) => {
      await start()
      await answered('first')
      await stack.owner.sendText(ALICE, 'by hand', { addressing })
      await answered('second')
      expect(lastAsked()).toEqual([
        { role: 'user', content: 'first' },
        {
          role: 'assistant',
          content: expect.stringMatching(
            /^ada: first\n\n\[The account's owner wrote this by hand; turn (\S+):\]\nby hand\n\[\/turn \1\]$/,
          ),
        },
        { role: 'user', content: 'second' },
      ])
      expect(messages()).toEqual([
        { name: ALICE, author: 'person', text: 'first', revoked: 0 },
        { name: ALICE, author: 'assistant', text: 'ada: first', revoked: 0 },
        { name: ALICE, author: 'owner', text: 'by hand', revoked: 0 },
        { name: ALICE, author: 'person', text: 'second', revoked: 0 },
        { name: ALICE, author: 'assistant', text: expect.stringContaining('ada: ') as string, revoked: 0 },
      ])
      // It was no question, and nobody is told that a person wrote.
      expect(stack.published('message.received')).toHaveLength(2)
      expect(stack.published('agent.turnStarted')).toHaveLength(2)
    },
  )

  it('are what the owner made of them, and a deleted one is nowhere', async () => {
    await start()
    const helo = await stack.owner.sendText(ALICE, 'helo by hand')
    await stack.owner.edit(helo, 'hello by hand')
    const secret = await stack.owner.sendText(ALICE, 'a slip of the tongue')
    await stack.owner.revoke(secret)
    await answered('and?')
    // The answer may arrive before the events of what came before it.
    await stack.untilEvent('message.edited', ({ messageId }) => messageId === helo.id)
    await stack.untilEvent('message.revoked', ({ messageId }) => messageId === secret.id)
    expect(stack.published('message.edited')).toMatchObject([{ messageId: helo.id, conversation: ALICE }])
    expect(stack.published('message.revoked')).toMatchObject([{ messageId: secret.id, conversation: ALICE }])
    expect(messages().slice(0, 2)).toEqual([
      { name: ALICE, author: 'owner', text: 'hello by hand', revoked: 0 },
      { name: ALICE, author: 'owner', text: '', revoked: 1 },
    ])
    await stack.stopDaemon()
    expect(filesWith('slip of the tongue')).toEqual([])
  })

  it('come once, whatever is delivered again, after a restart too', async () => {
    await start()
    const sent = await stack.owner.sendText(ALICE, 'by hand')
    await answered('first')
    stack.owner.companions[0]?.redeliver(sent.id)
    await answered('second')
    await stack.stopDaemon()
    stack.owner.companions[0]?.redeliver(sent.id)
    await stack.startDaemon()
    await stack.untilState('connected')
    await answered('third')
    expect(messages().filter((row) => (row as { author: string }).author === 'owner')).toHaveLength(1)
  })

  it('in a group that is read are in its history', async () => {
    await start({ ...GROUP_RULES, groupAllowFrom: [ALICE] })
    const group = stack.simulator.createGroup({
      subject: 'Family',
      members: [stack.alice, stack.owner, stack.mallory],
    })
    await stack.owner.sendGroupText(group, 'by hand')
    await stack.alice.sendGroupText(group, 'and you?', { mention: OWNER })
    await stack.alice.waitForText(({ chat, text }) => chat === group.jid && text.startsWith('ada: '))
    expect(lastAsked()[0]?.content).toMatch(/\[The account's owner wrote this by hand; turn \S+:\]\nby hand/)
  })

  describe('in a chat that is none of the assistant’s', () => {
    const SECRET = 'not for the assistant'

    /** Files as a process that is killed now leaves them, under a daemon that takes up what it finds. */
    const restartAfterKill = async (): Promise<void> => {
      const copy = join(stack.directory, 'as-killed')
      cpSync(stack.stateDir, copy, { recursive: true })
      await stack.stopDaemon()
      rmSync(stack.stateDir, { recursive: true })
      cpSync(copy, stack.stateDir, { recursive: true })
      rmSync(copy, { recursive: true })
      await stack.startDaemon()
      await stack.untilState('connected')
    }
    const expectNothing = async (sentId: string): Promise<void> => {
      await answered('something else')
      expect(filesWith(SECRET)).toEqual([])
      await restartAfterKill()
      stack.owner.companions[0]?.redeliver(sentId)
      await answered('one more thing')
      expect(filesWith(SECRET)).toEqual([])
      await stack.stopDaemon()
      expect(filesWith(SECRET)).toEqual([])
    }

    it.each(['lid', 'pn'] as const)('to a stranger (%s)', async (addressing) => {
      await start()
      const { id } = await stack.owner.sendText(MALLORY, SECRET, { addressing })
      await expectNothing(id)
    })

    it('what the owner makes of it afterwards, to a stranger', async () => {
      await start()
      const sent = await stack.owner.sendText(MALLORY, 'something harmless')
      const { id } = await stack.owner.edit(sent, SECRET)
      await expectNothing(id)
    })

    it('in a group that is not read', async () => {
      await start({ groupPolicy: 'disabled' })
      const group = stack.simulator.createGroup({ subject: 'Family', members: [stack.alice, stack.owner] })
      const { id } = await stack.owner.sendGroupText(group, SECRET)
      await expectNothing(id)
    })

    it('to oneself, with the own number not allowed', async () => {
      await start()
      const { id } = await stack.owner.sendToSelf(SECRET)
      await expectNothing(id)
    })

    it('to a person who was removed from the list', async () => {
      await start()
      await answered('while allowed')
      stack.writeConfig([MALLORY])
      await stack.untilEvent('config.applied')
      const { id } = await stack.owner.sendText(ALICE, SECRET)
      await stack.mallory.sendText(OWNER, 'something else')
      await stack.mallory.waitForText(({ text }) => text.includes('something else'))
      expect(filesWith(SECRET)).toEqual([])
      expect(id).not.toBe('')
    })
  })
})
