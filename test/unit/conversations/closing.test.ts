import { expect, it, describe, vi } from 'vitest'
import type { Answer } from '../../support/memory-transport.ts'
import { LogLines } from '../../support/log-lines.ts'
import { ALICE, Desk } from './desk.ts'
import { useFakeClock } from './fake-clock.ts'

// An account that is closed and opened again must not be used by what the former opening left behind: a send without an
// answer wrote into the closed file, and was logged as a disk that refuses.
describe('conversations that are stopped and whose file is closed', () => {
  const close = async (desk: Desk): Promise<void> => {
    const stopped = desk.conversations.stop()
    await vi.advanceTimersByTimeAsync(6_000)
    await stopped
    desk.database.close()
  }

  it('take no notice of what becomes of a send that outlived them', async () => {
    useFakeClock()
    const log = new LogLines()
    const desk = new Desk({}, log.logger)
    let answer: (outcome: Answer) => void = () => {}
    desk.transport.answer = () => new Promise((resolve) => void (answer = resolve))
    desk.conversations.start()
    desk.receive(ALICE, 'hello')
    await desk.until(() => desk.transport.sent.length === 1)
    await close(desk)
    const told = desk.events.length
    answer({ outcome: 'unconfirmed', why: 'no answer' })
    await desk.settle()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(log.complaints).toEqual([])
    expect(desk.events).toHaveLength(told)
  })

  it('leave no timer, whatever came in while they stopped', async () => {
    useFakeClock()
    const log = new LogLines()
    const desk = new Desk({ debounceMs: 500 }, log.logger)
    desk.conversations.start()
    await desk.conversations.stop()
    // The link is closed after them.
    desk.receive(ALICE, 'late')
    desk.database.close()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(log.complaints).toEqual([])
    expect(vi.getTimerCount()).toBe(0)
    desk.crash()
    desk.conversations.start()
    await desk.until(() => desk.named('message.sent').length === 1)
    expect(desk.transport.texts()).toEqual(['late'])
  })
})
