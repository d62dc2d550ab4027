import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import { ALICE, Desk } from '../desk.ts'
import { HeldAgent } from '../held-agent.ts'

// A sandbox whose clock was two hours ahead came back after a restart of seconds. What people had written meanwhile was taken
// for two hours old, and was dropped without a word.

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const SKEWS = { right: 0, '2 h ahead': 2 * HOUR, '3 h behind': -3 * HOUR, 'a year ahead': 8_760 * HOUR }
const AGES = {
  '5 s': [5 * SECOND, true],
  '59 min': [59 * MINUTE, true],
  '62 min': [62 * MINUTE, false],
} as const

/** What WhatsApp's clock showed that long ago. */
const sentAt = (skew: number, age: number): Date => new Date(Date.now() - skew - age)

const CASES = Object.entries(SKEWS).flatMap(([clock, skew]) =>
  Object.entries(AGES).map(([old, [age, isAnswered]]) => ({ clock, skew, old, age, isAnswered })),
)

async function expectAnswered(desk: Desk, ids: string[], isAnswered: boolean): Promise<void> {
  const count = isAnswered ? 'message.sent' : 'message.skipped'
  await desk.until(() => desk.named(count).length === ids.length)
  await desk.settle()
  expect(desk.transport.sent).toHaveLength(isAnswered ? ids.length : 0)
  expect(desk.named('message.skipped').map(({ messageId, reason }) => [messageId, reason])).toEqual(
    isAnswered ? [] : ids.map((id) => [id, 'too_old']),
  )
}

describe.each(CASES)('with a clock that is $clock, a question of $old', ({ skew, age, isAnswered }) => {
  it('from a backlog is answered only while it is not too old', async () => {
    const desk = new Desk()
    desk.transport.clockOffsetMs = -skew
    desk.conversations.start()
    const { id } = desk.receive(ALICE, 'hello', { arrival: 'offline', sentAt: sentAt(skew, age) })
    await expectAnswered(desk, [id], isAnswered)
  })

  it('that is there before WhatsApp tells its time waits for that', async () => {
    const desk = new Desk()
    desk.transport.clockOffsetMs = null
    desk.setReady(false)
    desk.conversations.start()
    const { id } = desk.receive(ALICE, 'hello', { arrival: 'offline', sentAt: sentAt(skew, age) })
    await desk.settle()
    expect([desk.named('agent.turnStarted'), desk.named('message.skipped')]).toEqual([[], []])
    desk.transport.clockOffsetMs = -skew
    desk.setReady(true)
    await expectAnswered(desk, [id], isAnswered)
  })

  it('that was under way, or behind that one, when the process died', async () => {
    const desk = new Desk()
    desk.agent = new HeldAgent()
    desk.transport.clockOffsetMs = -skew
    desk.conversations.start()
    const ids = ['one', 'two', 'three'].map(
      (text) => desk.receive(ALICE, text, { sentAt: sentAt(skew, age) }).id,
    )
    await desk.until(() => desk.named('agent.turnStarted').length === 1)
    desk.agent = {
      async *reply() {
        yield { type: 'delta', text: 'answer' }
      },
    }
    desk.transport.clockOffsetMs = null
    desk.transport.ready = false
    desk.crash()
    desk.conversations.start()
    await desk.settle()
    expect(desk.named('message.skipped')).toEqual([])
    desk.transport.clockOffsetMs = -skew
    desk.setReady(true)
    await expectAnswered(desk, ids, isAnswered)
  })
})

describe('a message that is left unanswered', () => {
  it('is stored, reported with its time, and in one line of the log with all the others', async () => {
    const lines: Record<string, unknown>[] = []
    const logger = pino({ level: 'info' }, { write: (line: string) => void lines.push(JSON.parse(line)) })
    const desk = new Desk({}, logger)
    desk.conversations.start()
    const at = sentAt(0, 90 * MINUTE)
    for (let count = 0; count < 40; count += 1)
      desk.receive(ALICE, `old ${count}`, { arrival: 'offline', sentAt: at })
    await desk.settle()
    expect(desk.named('message.skipped')).toHaveLength(40)
    expect(desk.named('message.skipped')[0]).toMatchObject({
      conversation: ALICE,
      reason: 'too_old',
      sentAt: at.toISOString(),
    })
    expect(desk.database.prepare(`SELECT count(*) AS n FROM inbox WHERE state = 'skipped'`).get()).toEqual({
      n: 40,
    })
    await desk.conversations.stop()
    expect(lines.map(({ msg }) => msg)).toEqual([
      '40 messages stay unanswered: they came while the daemon was away, and are older than catchUp.maxAgeMinutes',
    ])
    expect(JSON.stringify(lines)).not.toContain(ALICE)
  })

  it('is reported once, however often it is delivered, and not for what nobody would answer', async () => {
    const desk = new Desk()
    desk.conversations.start()
    const old = { arrival: 'offline', sentAt: sentAt(0, 90 * MINUTE) } as const
    const message = desk.message(ALICE, 'old', old)
    for (let count = 0; count < 3; count += 1) desk.conversations.received(message)
    desk.receive(ALICE, '', { ...old, content: { kind: 'reaction', emoji: '👍', targetId: 'X' } })
    desk.receive(ALICE, '', { ...old, content: { kind: 'unsupported', what: 'image' } })
    await desk.settle()
    expect(desk.named('message.skipped')).toHaveLength(2)
    expect(desk.transport.log).toEqual([])
  })
})
