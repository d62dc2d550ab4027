import { describe, expect, it, vi } from 'vitest'
import type { Agent, Turn } from '../../../../../src/agents/agent.ts'
import { AgentAway } from '../../../../../src/agents/agent-away.ts'
import { SENTENCES } from '../../../../../src/conversations/notices/sentences.ts'
import type { TurnRow } from '../../../../../src/conversations/turns/turn-store.ts'
import { WaitingTurns } from '../../../../../src/conversations/turns/waiting/waiting-turns.ts'
import { ALICE, BOB, Desk, group } from '../../desk.ts'
import { useFakeClock } from '../../fake-clock.ts'

const TELL_AFTER_MS = 30_000
const HOUR_MS = 3_600_000
const AWAY = SENTENCES.assistantAway

/** An agent that answers while `isHere`. */
class Visitor implements Agent {
  isHere = false
  readonly turns: Turn[] = []
  readonly presence = { isHere: () => this.isHere, tellAfterMs: TELL_AFTER_MS }
  /** What it says before it goes away. */
  lastWords: string | null = null
  /** Long enough for a paragraph to go out. */
  goesAfterMs = 1_000

  async *reply(turn: Turn): AsyncGenerator<{ type: 'delta'; text: string }> {
    this.turns.push(turn)
    if (this.lastWords !== null) {
      yield { type: 'delta', text: this.lastWords }
      this.lastWords = null
      await new Promise((resolve) => setTimeout(resolve, this.goesAfterMs))
      this.isHere = false
      throw new AgentAway()
    }
    yield { type: 'delta', text: `You said: ${turn.messages[0]?.text}\n\nThat is all.` }
  }
}

const PEOPLE = Array.from({ length: 6 }, (_, index) => `+1555100000${index}`)

function deskWith(visitor: Visitor): Desk {
  useFakeClock()
  const desk = new Desk({
    access: { dmPolicy: 'allowlist', allowFrom: [ALICE, BOB, ...PEOPLE] },
    agents: { echo: { connector: 'echo', settings: {} }, visitor: { connector: 'echo', settings: {} } },
    senders: Object.fromEntries(PEOPLE.map((person) => [person, { agent: 'visitor', name: null }])),
  })
  desk.agents.set('visitor', visitor)
  desk.conversations.start()
  return desk
}

function comeBack(desk: Desk, visitor: Visitor): void {
  visitor.isHere = true
  desk.conversations.agentsChanged()
}

const [PAT = ''] = PEOPLE

describe('a turn whose agent is away', () => {
  it('waits unread and without typing, and is answered when the agent is back', async () => {
    const visitor = new Visitor()
    const desk = deskWith(visitor)
    desk.receive(PAT, 'hello')
    await desk.settle()
    await vi.advanceTimersByTimeAsync(TELL_AFTER_MS - 1_000)
    expect(desk.transport.log).toEqual([])
    expect(visitor.turns).toEqual([])
    comeBack(desk, visitor)
    await desk.until(() => desk.named('message.sent').length === 1)
    expect(desk.transport.texts()).toEqual(['You said: hello\n\nThat is all.'])
    expect(desk.transport.whats('read')).toHaveLength(1)
  })

  it('takes no place: however many wait, other people are answered', async () => {
    const visitor = new Visitor()
    const desk = deskWith(visitor)
    for (const person of PEOPLE) desk.receive(person, 'hello')
    desk.receive(BOB, 'and me?')
    await desk.until(() => desk.transport.texts().includes('and me?'))
    comeBack(desk, visitor)
    await desk.until(() => desk.named('agent.turnFinished').length === PEOPLE.length + 1)
    expect(visitor.turns.map(({ conversation }) => conversation)).toEqual(PEOPLE)
  })

  it('tells the person once a wait, also over a restart, and answers afterwards', async () => {
    const visitor = new Visitor()
    const desk = deskWith(visitor)
    desk.receive(PAT, 'hello')
    await desk.settle()
    await vi.advanceTimersByTimeAsync(TELL_AFTER_MS)
    await desk.until(() => desk.named('message.sent').length === 1)
    expect(desk.transport.texts()).toEqual([AWAY])
    await vi.advanceTimersByTimeAsync(5 * TELL_AFTER_MS)
    desk.conversations.agentsChanged()
    desk.receive(PAT, 'are you there?')
    await desk.restart()
    desk.conversations.start()
    await vi.advanceTimersByTimeAsync(5 * TELL_AFTER_MS)
    await desk.settle()
    expect(desk.transport.texts()).toEqual([AWAY])
    comeBack(desk, visitor)
    await desk.until(() => desk.named('agent.turnFinished').length === 2)
    await desk.until(() => desk.named('message.sent').length === 3)
    expect(desk.transport.texts().slice(1)).toEqual([
      'You said: hello\n\nThat is all.',
      'You said: are you there?\n\nThat is all.',
    ])
    // The next wait is another one.
    visitor.isHere = false
    desk.receive(PAT, 'bye')
    await desk.settle()
    await vi.advanceTimersByTimeAsync(TELL_AFTER_MS)
    await desk.until(() => desk.transport.texts().at(-1) === AWAY)
  })

  it('is answered after a restart, however long it has waited; what came while the daemon was away is not', async () => {
    const visitor = new Visitor()
    const desk = deskWith(visitor)
    desk.receive(PAT, 'hello')
    await desk.settle()
    await desk.conversations.stop()
    await vi.advanceTimersByTimeAsync(2 * HOUR_MS)
    desk.crash()
    desk.conversations.start()
    desk.receive(BOB, '/visitor good morning', {
      arrival: 'offline',
      sentAt: new Date(Date.now() - 2 * HOUR_MS),
    })
    await desk.settle()
    expect(desk.named('message.skipped')).toHaveLength(1)
    comeBack(desk, visitor)
    await desk.until(() => desk.named('agent.turnFinished').length === 1)
    expect(visitor.turns.map(({ conversation }) => conversation)).toEqual([PAT])
  })

  it('tells nobody in a group who did not ask the assistant', async () => {
    const visitor = new Visitor()
    const desk = deskWith(visitor)
    const chat = group('120363000000000001@g.us')
    desk.config = {
      ...desk.config,
      defaultAgent: 'visitor',
      groupAccess: { groupPolicy: 'open', groupAllowFrom: null, groups: {} },
    }
    desk.receive(ALICE, 'just talking', { chat, mentionsUs: false })
    await desk.settle()
    await vi.advanceTimersByTimeAsync(10 * TELL_AFTER_MS)
    await desk.settle()
    expect(desk.transport.sent).toEqual([])
  })

  it('is asked again when the agent goes away in the middle, and nothing is said twice', async () => {
    const visitor = new Visitor()
    const desk = deskWith(visitor)
    comeBack(desk, visitor)
    visitor.lastWords = 'You said: hello\n\nThat is'
    desk.receive(PAT, 'hello')
    await desk.until(() => desk.transport.sent.length === 1)
    await desk.until(() => !visitor.isHere)
    await desk.settle()
    expect(desk.transport.log.at(-1)?.what).toBe('paused')
    comeBack(desk, visitor)
    await desk.until(() => desk.named('agent.turnFinished').length === 1)
    await desk.until(() => desk.named('message.sent').length === 2)
    expect(desk.transport.texts()).toEqual(['You said: hello', 'That is all.'])
    expect(new Set(visitor.turns.map(({ id }) => id)).size).toBe(1)
    expect(visitor.turns).toHaveLength(2)
  })

  it('tells the person only so long after the agent went away, however long it had worked', async () => {
    const visitor = new Visitor()
    const desk = deskWith(visitor)
    comeBack(desk, visitor)
    visitor.lastWords = 'Unfinished'
    visitor.goesAfterMs = TELL_AFTER_MS + 10_000
    desk.receive(PAT, 'hello')
    await desk.until(() => visitor.turns.length === 1)
    await vi.advanceTimersByTimeAsync(visitor.goesAfterMs)
    await vi.advanceTimersByTimeAsync(TELL_AFTER_MS - 1_000)
    await desk.settle()
    expect(desk.transport.texts()).toEqual([])
    await vi.advanceTimersByTimeAsync(1_000)
    await desk.until(() => desk.named('message.sent').length === 1)
    expect(desk.transport.texts()).toEqual([AWAY])
  })

  it('lets the conversation go on once it was taken back', async () => {
    const visitor = new Visitor()
    const desk = deskWith(visitor)
    desk.receive(PAT, 'hello')
    await desk.settle()
    desk.conversations.accountChanged()
    visitor.isHere = true
    desk.receive(PAT, 'once more')
    await desk.until(() => desk.named('message.sent').length === 1)
    expect(desk.transport.texts()).toEqual(['You said: once more\n\nThat is all.'])
  })

  it('is answered by the other agent that the config names now', async () => {
    const visitor = new Visitor()
    const desk = deskWith(visitor)
    desk.receive(PAT, 'hello')
    await desk.settle()
    desk.config = { ...desk.config, senders: {} }
    desk.conversations.policyChanged()
    await desk.until(() => desk.named('message.sent').length === 1)
    expect(desk.transport.texts()).toEqual(['hello'])
  })

  it('fails, with a sentence, where too many wait already', () => {
    const waiting = new WaitingTurns({ due: () => {}, now: () => new Date() })
    const wait = { agent: 'visitor', since: 0, tellAfterMs: TELL_AFTER_MS }
    const taken = Array.from({ length: 5_001 }, (_, conversation) => waiting.add(rowOf(conversation), wait))
    expect(taken.filter((each) => each)).toHaveLength(5_000)
    expect(taken.at(-1)).toBe(false)
    waiting.clear()
    expect(waiting.conversations).toEqual([])
  })
})

function rowOf(conversation: number): TurnRow {
  return {
    sequence: conversation,
    id: `T${conversation}`,
    conversation,
    conversation_name: PAT,
    chat: '',
    chat_kind: 'direct',
    paragraphs_out: 0,
    opened_at: 0,
  }
}
