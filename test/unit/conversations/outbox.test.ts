import { describe, expect, it, vi } from 'vitest'
import type { SendOutcome } from '../../../src/accounts/transport.ts'
import { ALICE, BOB, Desk } from './desk.ts'
import { useFakeClock } from './fake-clock.ts'

const ACKNOWLEDGED: SendOutcome = { outcome: 'acknowledged', at: new Date() }
const UNCONFIRMED: SendOutcome = { outcome: 'unconfirmed', why: 'no answer' }

describe('the outbox', () => {
  it('waits while the transport is not ready', async () => {
    const desk = new Desk()
    desk.setReady(false)
    desk.conversations.start()
    desk.receive(ALICE, 'hello')
    await desk.until(() => desk.named('message.queued').length === 1)
    await desk.settle()
    expect(desk.transport.log).toEqual([])
    desk.setReady(true)
    await desk.until(() => desk.named('message.sent').length === 1)
    expect(desk.transport.whats('read')).toHaveLength(1)
  })

  it('has one message in flight', async () => {
    const desk = new Desk()
    let inFlight = 0
    let most = 0
    desk.transport.answer = async () => {
      inFlight += 1
      most = Math.max(most, inFlight)
      await new Promise((resolve) => setImmediate(resolve))
      inFlight -= 1
      return ACKNOWLEDGED
    }
    desk.conversations.start()
    for (let index = 0; index < 20; index += 1) desk.receive(index % 2 === 0 ? ALICE : BOB, `text ${index}`)
    await desk.until(() => desk.named('message.sent').length === 20)
    expect(most).toBe(1)
  })

  it('sends an unconfirmed message again under its id, behind it nothing of its chat, and others meanwhile', async () => {
    useFakeClock()
    const desk = new Desk()
    let refusals = 1
    desk.transport.answer = ({ text }) => {
      if (text !== 'alice 1' || refusals === 0) return ACKNOWLEDGED
      refusals -= 1
      return UNCONFIRMED
    }
    desk.conversations.start()
    await vi.advanceTimersByTimeAsync(1)
    desk.receive(ALICE, 'alice 1')
    desk.receive(ALICE, 'alice 2')
    desk.receive(BOB, 'bob')
    await desk.until(() => desk.named('agent.turnFinished').length === 3)
    await vi.advanceTimersByTimeAsync(500)
    expect(desk.transport.texts()).toEqual(['alice 1', 'bob'])
    await vi.advanceTimersByTimeAsync(5_000)
    expect(desk.transport.texts()).toEqual(['alice 1', 'bob', 'alice 1', 'alice 2'])
    expect(desk.transport.sent[2]?.id).toBe(desk.transport.sent[0]?.id)
  })

  it('gives up after ten sends without an answer', async () => {
    useFakeClock()
    const desk = new Desk()
    desk.transport.answer = () => UNCONFIRMED
    desk.conversations.start()
    await vi.advanceTimersByTimeAsync(1)
    desk.receive(ALICE, 'hello')
    await desk.until(() => desk.transport.sent.length === 1)
    await vi.advanceTimersByTimeAsync(20 * 60_000)
    expect(desk.transport.sent).toHaveLength(10)
    expect(new Set(desk.transport.sent.map(({ id }) => id)).size).toBe(1)
    expect(desk.named('message.failed')).toMatchObject([{ code: 'unconfirmed' }])
  })

  // Ten cuts of a bad network must not make a dead letter; a message that WhatsApp hangs up on must not go on for ever.
  it('bears with many lost connections, but not with a message that ends each of them', async () => {
    useFakeClock()
    const desk = new Desk()
    let cuts = 40
    desk.transport.answer = () => {
      if (cuts === 0) return ACKNOWLEDGED
      cuts -= 1
      return { outcome: 'unconfirmed', why: 'the connection was lost', interrupted: true }
    }
    desk.conversations.start()
    await vi.advanceTimersByTimeAsync(1)
    desk.receive(ALICE, 'hello')
    await desk.until(() => desk.transport.sent.length === 1)
    await vi.advanceTimersByTimeAsync(60 * 60_000)
    expect(desk.named('message.sent')).toHaveLength(1)
    expect(desk.named('message.failed')).toEqual([])
    cuts = Infinity
    desk.receive(ALICE, 'poison')
    await vi.advanceTimersByTimeAsync(60 * 60_000)
    expect(desk.named('message.failed')).toMatchObject([{ code: 'unconfirmed' }])
  })

  it('does not send a refused message again, and goes on with the next', async () => {
    const desk = new Desk()
    desk.transport.answer = ({ text }) =>
      text === 'bad' ? { outcome: 'refused', code: 'reachout_locked', message: 'not now' } : ACKNOWLEDGED
    desk.conversations.start()
    desk.receive(ALICE, 'bad')
    desk.receive(ALICE, 'good')
    await desk.until(() => desk.named('message.sent').length === 1)
    expect(desk.transport.texts()).toEqual(['bad', 'good'])
    expect(desk.named('message.failed')).toMatchObject([{ code: 'reachout_locked', conversation: ALICE }])
    desk.crash()
    desk.conversations.start()
    await desk.settle()
    expect(desk.transport.sent).toHaveLength(2)
  })

  it('follows receipts forward only, and takes a receipt for an acknowledgement that was lost', async () => {
    const desk = new Desk()
    let finish = (): void => {}
    desk.transport.answer = () =>
      new Promise((resolve) => {
        finish = () => resolve(UNCONFIRMED)
      })
    desk.conversations.start()
    const { chat } = desk.receive(ALICE, 'hello')
    await desk.until(() => desk.transport.sent.length === 1)
    const id = desk.transport.sent[0]?.id ?? ''
    for (const status of ['read', 'delivered', 'read'] as const)
      desk.conversations.statusChanged({ id, chat, status })
    desk.conversations.statusChanged({ id: 'not ours', chat, status: 'read' })
    finish()
    await desk.until(() => desk.named('message.read').length === 1)
    await desk.settle()
    expect(desk.transport.sent).toHaveLength(1)
    expect(desk.database.prepare('SELECT attempts FROM outbox').get()).toMatchObject({ attempts: 0 })
    expect(desk.events.map(({ name }) => name).filter((name) => name.startsWith('message.'))).toEqual([
      'message.received',
      'message.queued',
      'message.sent',
      'message.read',
    ])
  })

  it('keeps to the pace, also over a restart', async () => {
    useFakeClock()
    const desk = new Desk({ pace: { perMinute: 3, perHour: 100 } })
    desk.conversations.start()
    await vi.advanceTimersByTimeAsync(1)
    for (let index = 0; index < 6; index += 1) desk.receive(ALICE, `text ${index}`)
    await desk.until(() => desk.named('agent.turnFinished').length === 6)
    await vi.advanceTimersByTimeAsync(100)
    expect(desk.transport.sent).toHaveLength(3)
    await desk.restart()
    desk.conversations.start()
    await vi.advanceTimersByTimeAsync(1_000)
    expect(desk.transport.sent).toHaveLength(3)
    await vi.advanceTimersByTimeAsync(26_000)
    expect(desk.transport.sent).toHaveLength(4)
    await vi.advanceTimersByTimeAsync(60_000)
    expect(desk.transport.sent).toHaveLength(6)
  })
})
