import { describe, expect, it, vi } from 'vitest'
import { SENTENCES } from '../../../../src/conversations/notices/sentences.ts'
import { ALICE, Desk } from '../desk.ts'
import { useFakeClock } from '../fake-clock.ts'

const APOLOGY = SENTENCES.failed

describe('a turn', () => {
  it('that fails says sorry once, not for every message', async () => {
    const desk = new Desk()
    desk.agent = {
      // oxlint-disable-next-line require-yield -- it never comes to that
      async *reply() {
        throw new Error('no model')
      },
    }
    desk.conversations.start()
    desk.receive(ALICE, 'one')
    desk.receive(ALICE, 'two')
    await desk.until(
      () => desk.named('agent.turnFinished').length === 2 && desk.named('message.sent').length === 1,
    )
    await desk.settle()
    expect(desk.transport.texts()).toEqual([APOLOGY])
    expect(desk.named('agent.turnFinished').map(({ outcome }) => outcome)).toEqual(['failed', 'failed'])
    expect(desk.transport.log.filter(({ what }) => what !== 'react').at(-1)?.what).toBe('paused')
  })

  it('that says nothing is silent, and typing goes away', async () => {
    const desk = new Desk()
    desk.agent = {
      async *reply() {
        yield { type: 'delta', text: ' \n' }
      },
    }
    desk.conversations.start()
    desk.receive(ALICE, 'one')
    await desk.until(() => desk.named('agent.turnFinished').length === 1)
    expect(desk.named('agent.turnFinished')).toMatchObject([{ outcome: 'silent' }])
    await desk.settle()
    expect(desk.transport.log.map(({ what }) => what)).toEqual(['read', 'typing', 'paused'])
  })

  it('ends at its deadline, also when the agent does not listen', async () => {
    useFakeClock()
    const desk = new Desk()
    let deadline: Date | undefined
    desk.agent = {
      async *reply(turn) {
        deadline = turn.deadline
        await new Promise(() => {})
        yield { type: 'delta', text: 'never' }
      },
    }
    desk.conversations.start()
    await vi.advanceTimersByTimeAsync(1)
    const started = Date.now()
    desk.receive(ALICE, 'one')
    await desk.until(() => desk.named('agent.turnStarted').length === 1)
    expect((deadline?.getTime() ?? 0) - started - 120_000).toBeLessThan(100)
    await vi.advanceTimersByTimeAsync(119_000)
    expect(desk.named('agent.turnFinished')).toEqual([])
    await vi.advanceTimersByTimeAsync(1_000)
    await desk.until(() => desk.named('message.sent').length === 1)
    expect(desk.transport.texts()).toEqual([APOLOGY])
  })

  it('renews typing while it runs', async () => {
    useFakeClock()
    const desk = new Desk()
    desk.agent = {
      async *reply() {
        await new Promise((resolve) => setTimeout(resolve, 20_000))
        yield { type: 'delta', text: 'at last' }
      },
    }
    desk.conversations.start()
    await vi.advanceTimersByTimeAsync(1)
    desk.receive(ALICE, 'one')
    await desk.until(() => desk.named('agent.turnStarted').length === 1)
    await vi.advanceTimersByTimeAsync(19_000)
    expect(desk.transport.log.map(({ what }) => what)).toEqual(['read', 'typing', 'typing', 'typing'])
    await vi.advanceTimersByTimeAsync(2_000)
    await desk.until(() => desk.transport.log.at(-1)?.what === 'paused')
    expect(desk.transport.texts()).toEqual(['at last'])
    await vi.advanceTimersByTimeAsync(60_000)
    expect(desk.transport.whats('typing')).toHaveLength(3)
  })

  it('takes typing down after a while when the reply cannot go out', async () => {
    useFakeClock()
    const desk = new Desk({ pace: { perMinute: 1, perHour: 1, firstContactsPerDay: 20 } })
    desk.conversations.start()
    await vi.advanceTimersByTimeAsync(1)
    desk.receive(ALICE, 'one')
    await desk.until(() => desk.transport.sent.length === 1)
    desk.receive(ALICE, 'two')
    await desk.until(() => desk.named('agent.turnFinished').length === 2)
    await vi.advanceTimersByTimeAsync(20_000)
    expect(desk.transport.sent).toHaveLength(1)
    expect(desk.transport.log.at(-1)?.what).toBe('paused')
  })

  it('sends neither typing nor receipts when they are switched off', async () => {
    const desk = new Desk({ typing: false, sendReadReceipts: false })
    desk.conversations.start()
    desk.receive(ALICE, 'one')
    await desk.until(() => desk.named('message.sent').length === 1)
    expect(desk.transport.log.map(({ what }) => what)).toEqual(['send'])
  })

  it('hands out paragraphs of a slow reply while it goes on', async () => {
    useFakeClock()
    const desk = new Desk({ messagePrefix: '– ', responsePrefix: '[bot] ' })
    desk.agent = {
      async *reply() {
        for (const text of ['First ', 'paragraph.\n\nSec', 'ond.\n\n', 'Third.']) {
          yield { type: 'delta', text }
          await new Promise((resolve) => setTimeout(resolve, 2_000))
        }
      },
    }
    desk.conversations.start()
    await vi.advanceTimersByTimeAsync(1)
    desk.receive(ALICE, 'go')
    await desk.until(() => desk.named('agent.turnStarted').length === 1)
    await vi.advanceTimersByTimeAsync(2_500)
    expect(desk.transport.texts()).toEqual(['– [bot] First paragraph.'])
    expect(desk.named('agent.turnFinished')).toEqual([])
    await vi.advanceTimersByTimeAsync(6_000)
    await desk.until(() => desk.named('message.sent').length === 3)
    expect(desk.transport.texts()).toEqual(['– [bot] First paragraph.', '– Second.', '– Third.'])
  })

  it('sends only the whole reply with blockStreaming', async () => {
    useFakeClock()
    const desk = new Desk({ blockStreaming: true })
    desk.agent = {
      async *reply() {
        yield { type: 'delta', text: 'First.\n\n' }
        await new Promise((resolve) => setTimeout(resolve, 5_000))
        yield { type: 'delta', text: 'Second.' }
      },
    }
    desk.conversations.start()
    await vi.advanceTimersByTimeAsync(1)
    desk.receive(ALICE, 'go')
    await desk.until(() => desk.named('agent.turnStarted').length === 1)
    await vi.advanceTimersByTimeAsync(6_000)
    await desk.until(() => desk.named('message.sent').length === 1)
    expect(desk.transport.texts()).toEqual(['First.\n\nSecond.'])
  })

  it('cuts off an agent that never stops talking', async () => {
    const desk = new Desk({ textChunkLimit: 60_000 })
    let ended = false
    desk.agent = {
      async *reply() {
        try {
          for (;;) yield { type: 'delta', text: 'blah '.repeat(2_000) }
        } finally {
          ended = true
        }
      },
    }
    desk.conversations.start()
    desk.receive(ALICE, 'go')
    await desk.until(() => desk.named('agent.turnFinished').length === 1)
    expect(ended).toBe(true)
    expect(desk.transport.texts().join('').length).toBeLessThanOrEqual(100_000)
  })
})
