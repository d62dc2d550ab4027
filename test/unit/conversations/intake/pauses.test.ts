import { afterEach, describe, expect, it, vi } from 'vitest'
import { ALICE, Desk } from '../desk.ts'
import { useFakeClock } from '../fake-clock.ts'

// Somebody paused the assistant for an evening. When they switched it on again, it answered the last hour of what people had
// written meanwhile, one answer after the other.

const MINUTE = 60_000

class PausedDesk extends Desk {
  switch(enabled: boolean): void {
    this.config = { ...this.config, enabled }
    this.transport.ready = enabled
    this.conversations.policyChanged()
    this.conversations.readyChanged(enabled)
  }

  /** What WhatsApp kept for us; `agoMs` by its clock. */
  backlog(text: string, agoMs: number): string {
    const sentAt = new Date(Date.now() + (this.transport.clockOffsetMs ?? 0) - agoMs)
    return this.receive(ALICE, text, { arrival: 'offline', sentAt }).id
  }

  skipped(): unknown[] {
    return this.named('message.skipped').map(({ messageId, reason }) => [messageId, reason])
  }
}

async function start(): Promise<PausedDesk> {
  useFakeClock()
  const desk = new PausedDesk()
  desk.conversations.start()
  await vi.advanceTimersByTimeAsync(MINUTE)
  return desk
}

describe('what was sent during a pause', () => {
  afterEach(() => void vi.useRealTimers())

  it.each([
    ['in one life', (): void => {}],
    [
      'over a restart while it is paused',
      (desk: PausedDesk): void => {
        desk.crash()
        desk.conversations.start()
      },
    ],
  ])('is kept and never answered, %s; what came before and after is', async (_name, restart) => {
    const desk = await start()
    desk.switch(false)
    await vi.advanceTimersByTimeAsync(10 * MINUTE)
    restart(desk)
    await vi.advanceTimersByTimeAsync(10 * MINUTE)
    desk.switch(true)
    await vi.advanceTimersByTimeAsync(5_000)
    desk.backlog('before', 21 * MINUTE)
    const during = [19 * MINUTE, 10 * MINUTE, 10_000].map((ago) => desk.backlog(`${ago} ago`, ago))
    desk.backlog('after', 1_000)
    desk.receive(ALICE, 'now')
    await desk.until(() => desk.named('message.sent').length === 3)
    expect(desk.transport.texts()).toEqual(['before', 'after', 'now'])
    expect(desk.skipped()).toEqual(during.map((id) => [id, 'paused']))
    const rows = desk.database
      .prepare(`SELECT text FROM inbox WHERE state = 'skipped' ORDER BY sequence`)
      .all()
    expect(rows).toMatchObject([
      { text: `${19 * MINUTE} ago` },
      { text: `${10 * MINUTE} ago` },
      { text: '10000 ago' },
    ])
  })

  it('is known after a restart that came after the pause', async () => {
    const desk = await start()
    desk.switch(false)
    await vi.advanceTimersByTimeAsync(10 * MINUTE)
    desk.switch(true)
    await vi.advanceTimersByTimeAsync(5 * MINUTE)
    await desk.restart()
    desk.conversations.start()
    const id = desk.backlog('late', 8 * MINUTE)
    await desk.settle()
    expect(desk.skipped()).toEqual([[id, 'paused']])
  })

  it('begins and ends with the daemon where the switch was turned while it was down', async () => {
    const desk = await start()
    await desk.conversations.stop()
    desk.config = { ...desk.config, enabled: false }
    desk.crash()
    desk.conversations.start()
    await vi.advanceTimersByTimeAsync(10 * MINUTE)
    await desk.conversations.stop()
    desk.config = { ...desk.config, enabled: true }
    await vi.advanceTimersByTimeAsync(MINUTE)
    desk.crash()
    desk.conversations.start()
    const during = desk.backlog('during', 5 * MINUTE)
    desk.backlog('before', 12 * MINUTE)
    await desk.until(() => desk.named('message.sent').length === 1)
    expect(desk.transport.texts()).toEqual(['before'])
    expect(desk.skipped()).toEqual([[during, 'paused']])
  })

  it.each([2, -3].map((hours) => hours * 60 * MINUTE))(
    'is found by the clock of WhatsApp, of which ours is %i ms ahead and which nobody has told us yet',
    async (skew) => {
      useFakeClock()
      const desk = new PausedDesk({ enabled: false, catchUp: { maxAgeMinutes: 600 } })
      desk.transport.clockOffsetMs = null
      desk.conversations.start()
      await vi.advanceTimersByTimeAsync(20 * MINUTE)
      desk.switch(true)
      desk.transport.clockOffsetMs = -skew
      desk.transport.clockReadings += 1
      await vi.advanceTimersByTimeAsync(5_000)
      const during = desk.backlog('during', 10 * MINUTE)
      desk.backlog('before', 22 * MINUTE)
      desk.backlog('after', 1_000)
      await desk.until(() => desk.named('message.sent').length === 2)
      expect(desk.transport.texts()).toEqual(['before', 'after'])
      expect(desk.skipped()).toEqual([[during, 'paused']])
    },
  )

  // The clock of the machine was set right after the login, and what WhatsApp had told at the login was still applied: for hours
  // after the pause every question was taken for one of the pause, or the end of the pause was answered.
  it.each([2, -2].map((hours) => hours * 60 * MINUTE))(
    'is found where our clock was %i ms wrong at the login and was set right before the pause',
    async (skew) => {
      useFakeClock()
      const desk = new PausedDesk({ catchUp: { maxAgeMinutes: 600 } })
      desk.transport.clockOffsetMs = -skew
      desk.transport.clockReadings = 1
      desk.conversations.start()
      await vi.advanceTimersByTimeAsync(MINUTE)
      desk.switch(false)
      await vi.advanceTimersByTimeAsync(20 * MINUTE)
      desk.switch(true)
      desk.transport.clockOffsetMs = 0
      desk.transport.clockReadings = 2
      await vi.advanceTimersByTimeAsync(5_000)
      const during = [19 * MINUTE, 10_000].map((ago) => desk.backlog(`${ago} ago`, ago))
      desk.backlog('before', 22 * MINUTE)
      desk.backlog('after', 1_000)
      await desk.until(() => desk.named('message.sent').length === 2)
      expect(desk.transport.texts()).toEqual(['before', 'after'])
      expect(desk.skipped()).toEqual(during.map((id) => [id, 'paused']))
      expect(desk.database.prepare('SELECT start_estimated, end_estimated FROM pauses').get()).toEqual({
        start_estimated: 0,
        end_estimated: 0,
      })
    },
  )

  it('gets no sentence about pictures either, and no read receipt', async () => {
    const desk = await start()
    desk.switch(false)
    await vi.advanceTimersByTimeAsync(10 * MINUTE)
    desk.switch(true)
    const sentAt = new Date(Date.now() - 5 * MINUTE)
    desk.receive(ALICE, '', { arrival: 'offline', sentAt, content: { kind: 'unsupported', what: 'image' } })
    desk.receive(ALICE, 'hello?', { arrival: 'live', sentAt })
    await desk.settle()
    expect(desk.transport.log).toEqual([])
    expect(desk.skipped()).toHaveLength(2)
  })

  it('stays known for the latest 500 pauses', async () => {
    const desk = await start()
    for (let count = 0; count < 600; count += 1) {
      desk.switch(false)
      desk.switch(true)
    }
    expect(desk.database.prepare('SELECT count(*) AS n FROM pauses').get()).toEqual({ n: 500 })
  })
})
