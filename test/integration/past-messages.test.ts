import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'
import { type proto } from '@whiskeysockets/baileys'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { historyFile, historyMessage } from '../../src/simulator/phones/first-sync.ts'
import type { LinkedCompanion } from '../../src/simulator/server/linked-companion.ts'
import { AgentServer } from '../support/agent-server.ts'
import { ALICE, OWNER, Stack } from '../support/stack.ts'

const DAY_SECONDS = 86_400

interface Line {
  name: string
  author: string
  text: string
  sent_at: number
  is_unread: number
  state: string
}

/** What was said before the account was linked, which its phone hands over at linking. */
describe('messages from before the link', () => {
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

  const start = async (channel: Record<string, unknown>): Promise<void> => {
    stack = await Stack.start({
      channel: { agents: server.agents('ada'), ...channel },
      prepare: ({ simulator, owner, alice, mallory }) => {
        simulator.createGroup({ subject: 'Flat', members: [owner, alice, mallory] })
      },
    })
  }
  const companion = (): LinkedCompanion => stack.owner.companions[0] as LinkedCompanion // just linked
  const lines = (): Line[] => {
    const path = join(stack.stateDir, 'accounts', 'default', 'account.db')
    const database = new DatabaseSync(path, { readOnly: true })
    try {
      return database
        .prepare(
          `SELECT name, author, text, sent_at, is_unread, state FROM inbox JOIN conversations ON id = conversation
           ORDER BY sequence`,
        )
        .all()
        .map((row) => ({ ...row }))
    } finally {
      database.close()
    }
  }
  const texts = (): string[] => lines().map(({ text }) => text)
  const answered = async (text: string): Promise<void> => {
    await stack.alice.sendText(OWNER, text)
    await stack.alice.waitForText((message) => message.text.includes(text))
  }
  const isHandedOver = (): Promise<void> => expect.poll(() => companion().backlog.entries()).toEqual([])
  /** The files of the state directory that contain this text, logs included. */
  const filesWith = (text: string): string[] =>
    readdirSync(stack.stateDir, { recursive: true, withFileTypes: true }).flatMap((entry) => {
      const path = join(entry.parentPath, entry.name)
      return entry.isFile() && readFileSync(path).includes(text) ? [path] : []
    })
  /** Newest first, as a phone has them. */
  const chatOfAlice = (ages: readonly number[]): proto.IConversation => ({
    id: stack.alice.lid,
    messages: ages.map((age) => ({
      message: {
        key: { remoteJid: stack.alice.lid, fromMe: false, id: `PAST${age}` },
        message: { conversation: `${age} days ago` },
        messageTimestamp: Math.floor(Date.now() / 1000) - age * DAY_SECONDS,
      },
    })),
  })

  it('are kept of allowed people alone, are read, and are never answered', async () => {
    await start({ historySync: 'recent', groups: { '*': {} } })
    await stack.link()
    await expect.poll(texts).toHaveLength(3)
    await isHandedOver()
    await answered('hello')
    expect(lines().map(({ author, text, state, is_unread }) => [author, text, state, is_unread])).toEqual([
      ['person', 'an old question of Alice', 'recorded', 0],
      ['owner', 'an old answer to Alice', 'recorded', 0],
      ['person', 'an old word of Alice in Flat', 'recorded', 0],
      ['person', 'hello', 'turn', 1],
    ])
    // They are context of what is asked now; nothing else was.
    expect(server.asked).toHaveLength(1)
    expect(server.asked[0]?.messages.map(({ content }) => content).join('\n')).toContain(
      'an old question of Alice',
    )
    expect(stack.published('message.received')).toHaveLength(1)
    expect(stack.account().takenOver ?? 0).toBe(0)
    await stack.stopDaemon()
    expect(filesWith('an old question of Alice')).not.toEqual([])
    for (const said of ['question of Mallory', 'answer to Mallory', 'word of Mallory'])
      expect(filesWith(said)).toEqual([])
  })

  it('what the setting says when the account is linked counts', async () => {
    await start({})
    await stack.link()
    await isHandedOver()
    stack.writeConfig([ALICE], { historySync: 'recent' })
    await stack.until('the edit', () => stack.published('config.applied').length > 0)
    await stack.owner.sendPeerMessage(
      companion(),
      historyMessage('RECENT', { conversations: [chatOfAlice([1])] }),
    )
    await isHandedOver()
    await answered('hello')
    expect(texts()).toEqual(['hello'])
  })

  it('come once, in the order of their time, no more and no older than is kept', async () => {
    await start({
      historySync: 'recent',
      groupPolicy: 'disabled',
      retention: { days: 10, messagesPerConversation: 100 },
    })
    await stack.link()
    await expect.poll(texts).toHaveLength(2)
    await answered('hello')
    const { store } = stack.simulator.media
    const parts = [
      historyMessage('RECENT', { conversations: [chatOfAlice([1, 2])] }),
      historyFile('RECENT', { conversations: [chatOfAlice([2, 5, 9, 11])] }, { random: randomBytes, store }),
    ]
    for (const part of parts) await stack.owner.sendPeerMessage(companion(), part)
    const expected = [
      '9 days ago',
      '5 days ago',
      'an old question of Alice',
      'an old answer to Alice',
      '2 days ago',
      '1 days ago',
      'hello',
    ]
    await expect.poll(texts).toEqual(expected)
    await stack.stopDaemon()
    await stack.startDaemon()
    await stack.untilState('connected')
    await stack.owner.sendPeerMessage(companion(), parts[0] ?? {})
    await answered('hello again')
    expect(texts()).toEqual([...expected, 'hello again'])
  })
})
