import { describe, expect, it } from 'vitest'
import type { Turn } from '../../../src/agents/agent.ts'
import { ALICE, Desk } from './desk.ts'

/** An agent that waits for ever, and writes down the turns it saw. */
function stuckAgent(turns: Turn[]) {
  return {
    async *reply(turn: Turn) {
      turns.push(turn)
      await new Promise(() => {})
      yield { type: 'delta' as const, text: 'never' }
    },
  }
}

describe('after a crash', () => {
  it('runs an interrupted turn again under the same id, and then what waited, in order', async () => {
    const desk = new Desk()
    const turns: Turn[] = []
    desk.agent = stuckAgent(turns)
    desk.conversations.start()
    for (const text of ['one', 'two', 'three']) desk.receive(ALICE, text)
    await desk.until(() => turns.length === 1)
    desk.crash()
    desk.agent = {
      async *reply(turn) {
        turns.push(turn)
        yield { type: 'delta', text: turn.messages[0]?.text ?? '' }
      },
    }
    desk.conversations.start()
    await desk.until(() => desk.named('message.sent').length === 3)
    expect(turns[1]?.id).toBe(turns[0]?.id)
    expect(desk.transport.texts()).toEqual(['one', 'two', 'three'])
    expect(desk.transport.whats('read').at(-1)?.detail.split(',')).toHaveLength(3)
  })

  it('sends what was not acknowledged again under its id, and what was stored but never sent', async () => {
    const desk = new Desk()
    desk.transport.answer = () => new Promise(() => {})
    desk.conversations.start()
    desk.receive(ALICE, 'in flight')
    desk.receive(ALICE, 'stored')
    await desk.until(() => desk.named('agent.turnFinished').length === 2 && desk.transport.sent.length === 1)
    desk.crash()
    desk.transport.answer = () => ({ outcome: 'acknowledged', at: new Date() })
    desk.conversations.start()
    await desk.until(() => desk.named('message.sent').length === 2)
    expect(desk.transport.texts()).toEqual(['in flight', 'in flight', 'stored'])
    expect(desk.transport.sent[1]?.id).toBe(desk.transport.sent[0]?.id)
  })

  // A reply that is stored while its turn stays open is followed by another one of the same turn.
  it('has stored a reply together with the end of its turn, or neither', async () => {
    const desk = new Desk()
    const ends = `AFTER UPDATE OF state ON turns WHEN new.state = 'answered' BEGIN SELECT RAISE(ABORT, 'torn'); END`
    desk.database.transaction(() => void desk.database.prepare(`CREATE TEMP TRIGGER torn ${ends}`).run())
    let asked = 0
    desk.agent = {
      async *reply() {
        asked += 1
        yield { type: 'delta', text: `answer ${asked}` }
      },
    }
    desk.conversations.start()
    desk.receive(ALICE, 'hello')
    await desk.until(() => asked === 1)
    await desk.settle()
    expect(desk.database.prepare('SELECT text FROM outbox').all()).toEqual([])
    desk.crash()
    desk.conversations.start()
    await desk.until(() => desk.named('message.sent').length === 1)
    await desk.settle()
    expect(desk.transport.texts()).toEqual(['answer 2'])
  })

  it('answers a message once when it is delivered again after the crash', async () => {
    const desk = new Desk()
    desk.conversations.start()
    const message = desk.receive(ALICE, 'hello')
    desk.crash()
    desk.conversations.start()
    desk.conversations.received({ ...message, arrival: 'offline' })
    await desk.until(() => desk.named('message.sent').length === 1)
    await desk.settle()
    expect(desk.transport.texts()).toEqual(['hello'])
  })

  it('does not repeat the paragraphs that went out before', async () => {
    const desk = new Desk()
    desk.agent = {
      async *reply() {
        yield { type: 'delta', text: 'First paragraph.\n\nSecond, unfini' }
        await new Promise(() => {})
      },
    }
    desk.conversations.start()
    desk.receive(ALICE, 'tell me')
    await desk.until(() => desk.transport.sent.length === 1)
    desk.crash()
    desk.agent = {
      async *reply() {
        yield { type: 'delta', text: 'First paragraph.\n\nSecond, unfinished.\n\nThird.' }
      },
    }
    desk.conversations.start()
    await desk.until(() => desk.named('agent.turnFinished').length === 1)
    await desk.until(() => desk.named('message.sent').length >= 2)
    expect([...new Set(desk.transport.texts())]).toEqual([
      'First paragraph.',
      'Second, unfinished.\n\nThird.',
    ])
    expect(new Set(desk.transport.sent.map(({ id }) => id)).size).toBe(2)
  })

  it('does not answer what has become too old meanwhile', async () => {
    const desk = new Desk({ catchUp: { maxAgeMinutes: 10 } })
    const turns: Turn[] = []
    desk.agent = stuckAgent(turns)
    desk.conversations.start()
    desk.receive(ALICE, 'long ago', { sentAt: new Date(Date.now() - 11 * 60_000) })
    await desk.until(() => turns.length === 1)
    desk.crash()
    desk.conversations.start()
    await desk.until(() => desk.named('agent.turnFinished').length === 1)
    expect(turns).toHaveLength(1)
    expect(desk.database.prepare('SELECT state FROM inbox').get()).toMatchObject({ state: 'skipped' })
  })
})

describe('a stop', () => {
  it('leaves turns and unsent replies for the next start, and takes typing down', async () => {
    const desk = new Desk()
    const turns: Turn[] = []
    desk.agent = stuckAgent(turns)
    desk.conversations.start()
    desk.receive(ALICE, 'hello')
    await desk.until(() => turns.length === 1)
    await desk.conversations.stop()
    expect(desk.transport.log.at(-1)?.what).toBe('paused')
    expect(desk.named('agent.turnFinished')).toEqual([])
    desk.crash()
    desk.agent = stuckAgent(turns)
    desk.conversations.start()
    await desk.until(() => turns.length === 2)
    expect(turns[1]?.id).toBe(turns[0]?.id)
  })

  it('waits for the message in flight', async () => {
    const desk = new Desk()
    let acknowledge = (): void => {}
    desk.transport.answer = () =>
      new Promise((resolve) => {
        acknowledge = () => resolve({ outcome: 'acknowledged', at: new Date() })
      })
    desk.conversations.start()
    desk.receive(ALICE, 'hello')
    await desk.until(() => desk.transport.sent.length === 1)
    const stopped = desk.conversations.stop()
    acknowledge()
    await stopped
    expect(desk.database.prepare('SELECT state FROM outbox').get()).toMatchObject({ state: 'acknowledged' })
    desk.crash()
    desk.conversations.start()
    await desk.settle()
    expect(desk.transport.sent).toHaveLength(1)
  })
})

describe('what arrived while we were away', () => {
  it('is answered oldest first and marked, up to the configured age; older is left unread', async () => {
    const desk = new Desk()
    const marks: boolean[] = []
    desk.agent = {
      async *reply(turn) {
        marks.push(turn.catchUp)
        yield { type: 'delta', text: turn.messages[0]?.text ?? '' }
      },
    }
    desk.conversations.start()
    const minutesAgo = (minutes: number) => ({
      arrival: 'offline' as const,
      sentAt: new Date(Date.now() - minutes * 60_000),
    })
    const old = desk.receive(ALICE, 'yesterday', minutesAgo(61))
    desk.receive(ALICE, 'an hour ago', minutesAgo(59))
    desk.receive(ALICE, 'just now', minutesAgo(1))
    await desk.until(() => desk.named('message.sent').length === 2)
    expect(desk.transport.texts()).toEqual(['an hour ago', 'just now'])
    expect(marks).toEqual([true, true])
    expect(desk.transport.whats('read').flatMap(({ detail }) => detail.split(','))).not.toContain(old.id)
    expect(desk.database.prepare(`SELECT state FROM inbox WHERE text = 'yesterday'`).get()).toMatchObject({
      state: 'skipped',
    })
  })
})
