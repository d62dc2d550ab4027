import { expect, it } from 'vitest'
import { type Agent, type AnsweringAgent, DEFAULT_REPLY_TIMEOUT_MS } from '../../../src/agents/agent.ts'
import { PooledAgent } from '../../../src/agents/pooled-agent.ts'
import { SENTENCES } from '../../../src/conversations/notices/sentences.ts'
import { MAX_REPLY_LENGTH } from '../../../src/conversations/replies/reply-text.ts'
import { createLogger } from '../../../src/observability/log/logger.ts'
import { ALICE, BOB, Desk, OWN, direct } from '../../unit/conversations/desk.ts'
import type { Behaviour, ConnectorHarness } from './connector-contract.ts'

interface PeopleContract {
  harness: ConnectorHarness
  agentOf: (behaviour: Behaviour, more?: Record<string, unknown>) => Agent
}

/** At one failed question the person reads this, and nothing else. */
const APOLOGY = SENTENCES.failed
const LIMIT = { timeoutSeconds: 1 }

/** What the people of a chat get of each behaviour: the agent lives in the pool, and real conversations ask it. */
export function describePeople({ harness, agentOf }: PeopleContract): void {
  const can = (behaviour: Behaviour): boolean => harness.behaviours[behaviour] === 'shown'
  const chatWith = async (behaviour: Behaviour, more: Record<string, unknown> = {}): Promise<Chat> =>
    Chat.open(agentOf(behaviour, more), harness)
  const when = (behaviour: Behaviour, title: string, test: () => Promise<void>): void => {
    if (can(behaviour)) it(title, test)
  }

  it('a chat shows "typing…" before the agent is asked, until its answer is there', async () => {
    const chat = await chatWith('answers')
    await chat.ask(ALICE, 'is it red?')
    await chat.desk.until(() => chat.log.at(-1) === 'paused')
    expect(chat.log.filter((what, index) => what !== chat.log[index - 1])).toEqual([
      'read',
      'typing',
      'asked',
      'said',
      'send',
      'paused',
    ])
    await chat.close()
  })

  it('two people who ask at once get their own answer each', async () => {
    const chat = await chatWith('answers')
    await Promise.all([chat.ask(ALICE, 'is it red?'), chat.ask(BOB, 'is it blue?')])
    expect(chat.textsTo(ALICE).join('\n')).toContain('is it red?')
    expect(chat.textsTo(ALICE).join('\n')).not.toContain('is it blue?')
    expect(chat.textsTo(BOB).join('\n')).toContain('is it blue?')
    await chat.close()
  })

  const failures: readonly [Behaviour, Record<string, unknown>, RegExp][] = [
    ['hangs', LIMIT, /^timeout$/],
    ['refuses', {}, /./],
    ['breaks', {}, /./],
    ['babbles', {}, /^bad_answer$/],
  ]
  for (const [behaviour, more, code] of failures) {
    when(behaviour, `somebody whose question meets one that ${behaviour} reads one sentence`, async () => {
      const chat = await chatWith(behaviour, more)
      await chat.ask(ALICE, 'is it red?')
      expect(chat.textsTo(ALICE)).toEqual([APOLOGY])
      expect(chat.pooled.health()).toMatchObject({ ok: false })
      expect(chat.pooled.health().lastFailure?.code).toMatch(code)
      expect(chat.isTyping).toBe(false)
      await chat.close()
      if (behaviour === 'hangs' || behaviour === 'babbles') await harness.released(behaviour)
    })
  }

  when(
    'talks',
    'an answer that never ends is over at its time limit, with one sentence at its end',
    async () => {
      const chat = await chatWith('talks', LIMIT)
      await chat.ask(ALICE, 'is it red?')
      expect(chat.textsTo(ALICE)).toEqual([APOLOGY])
      expect(chat.isTyping).toBe(false)
      await chat.close()
      await harness.released('talks')
    },
  )

  when('floods', 'an oversized answer is cut, and the other side is told to stop', async () => {
    const chat = await chatWith('floods')
    await chat.ask(ALICE, 'is it red?')
    const said = chat.textsTo(ALICE)
    expect(said.at(-1)).toMatch(/…$/)
    expect(said.join('').length).toBeLessThanOrEqual(MAX_REPLY_LENGTH)
    await harness.released('floods')
    await chat.close()
  })

  when('says nothing', 'one that says nothing leaves no "typing…", and one sentence at most', async () => {
    const chat = await chatWith('says nothing')
    await chat.ask(ALICE, 'is it red?')
    expect([[], [APOLOGY]]).toContainEqual(chat.textsTo(ALICE))
    expect(chat.isTyping).toBe(false)
    await chat.close()
  })

  when('comes back', 'after a crash the agent answers by itself, without a hand on it', async () => {
    const chat = await chatWith('comes back')
    await chat.ask(ALICE, 'is it red?')
    // One whose turn is handed out again has answered it.
    const [first, ...more] = chat.textsTo(ALICE)
    expect(more).toEqual([])
    if (first !== APOLOGY) expect(first).toContain('is it red?')
    await chat.ask(BOB, 'is it blue?')
    expect(chat.textsTo(BOB)).toEqual([expect.stringContaining('is it blue?')])
    expect(chat.pooled.health().ok).toBe(true)
    await chat.close()
  })

  when('starts slowly', 'somebody who asks while it starts gets one answer', async () => {
    const chat = await chatWith('starts slowly')
    await chat.ask(ALICE, 'is it red?')
    expect(chat.textsTo(ALICE)).toEqual([expect.stringContaining('is it red?')])
    await chat.close()
  })

  const endings: readonly [string, (chat: Chat) => unknown, string[]][] = [
    ['whose person is not allowed any more', ({ desk }) => desk.allow(BOB), []],
    ['that its person stops', ({ desk }) => desk.receive(ALICE, '/stop'), [SENTENCES.stopped]],
    [
      'in a chat that the owner pauses',
      ({ desk }) => desk.receive(OWN, '/pause', { chat: direct(addressOf(ALICE)) }),
      [SENTENCES.paused],
    ],
    ['at a shutdown', ({ desk }) => desk.conversations.stop(), []],
  ]
  for (const behaviour of ['hangs', 'talks'] as const) {
    for (const [title, end, said] of endings) {
      when(behaviour, `a turn of one that ${behaviour} ${title} says nothing of the agent`, async () => {
        const chat = await chatWith(behaviour)
        chat.desk.receive(ALICE, 'is it red?')
        await chat.desk.until(() => chat.log.includes(behaviour === 'talks' ? 'said' : 'asked'))
        await end(chat)
        await chat.desk.until(() => chat.desk.transport.sent.length === said.length && !chat.isTyping)
        await harness.released(behaviour)
        expect(chat.textsTo(ALICE)).toEqual(said)
        await chat.close()
      })
    }
  }
}

const addressOf = (person: string): string => `${person.slice(1)}@s.whatsapp.net`

/** Conversations of a real account whose only agent is this one, as the pool keeps it. */
class Chat {
  readonly desk = new Desk()
  readonly pooled: PooledAgent
  #asked = 0

  private constructor(agent: Agent, { onPresence }: ConnectorHarness) {
    const logger = createLogger({ level: 'silent' })
    this.pooled = new PooledAgent({ id: 'ada', agent, logger })
    onPresence?.(() => this.desk.conversations.agentsChanged())
    this.desk.agent = this.#observed()
  }

  static open(agent: Agent, harness: ConnectorHarness): Chat {
    const chat = new Chat(agent, harness)
    chat.pooled.start()
    chat.desk.conversations.start()
    return chat
  }

  /** What happened at the transport and at the agent, in order; of the latter `asked` and `said`. */
  get log(): string[] {
    return this.desk.transport.log.map(({ what }) => what)
  }

  get isTyping(): boolean {
    return (
      this.desk.transport.log.findLast(({ what }) => what === 'typing' || what === 'paused')?.what ===
      'typing'
    )
  }

  textsTo(person: string): string[] {
    return this.desk.transport.sent
      .filter(({ chat }) => chat.address === addressOf(person))
      .map(({ text }) => text)
  }

  /** Resolves when the question is over and everything that it led to is out. */
  async ask(person: string, text: string): Promise<void> {
    this.#asked += 1
    const over = this.#asked
    const count = (name: 'agent.turnFinished' | 'message.queued' | 'message.sent'): number =>
      this.desk.named(name).length
    this.desk.receive(person, text)
    await this.desk.until(() => count('agent.turnFinished') >= over)
    await this.desk.until(() => count('message.sent') === count('message.queued'))
    await this.desk.settle()
  }

  async close(): Promise<void> {
    await this.desk.conversations.stop()
    await this.pooled.stop()
  }

  #observed(): AnsweringAgent {
    const { pooled } = this
    const note = (what: string): void => void this.desk.transport.log.push({ what, chat: '', detail: '' })
    return {
      textFormat: pooled.textFormat,
      timeoutMs: pooled.timeoutMs ?? DEFAULT_REPLY_TIMEOUT_MS,
      ...(pooled.presence === undefined ? {} : { presence: pooled.presence }),
      mayThinkUnmarked: (model) => pooled.mayThinkUnmarked(model),
      place: (signal) => pooled.place(signal),
      accepted: () => pooled.accepted(),
      rejected: (error) => pooled.rejected(error),
      async *reply(turn, signal) {
        note('asked')
        for await (const part of pooled.reply(turn, signal)) {
          note('said')
          yield part
        }
      },
    }
  }
}
