import { describe, expect, it, vi } from 'vitest'
import type { Answer } from '../../../support/memory-transport.ts'
import { ALICE, BOB, Desk } from '../desk.ts'
import { useFakeClock } from '../fake-clock.ts'

const ACKNOWLEDGED: Answer = { outcome: 'acknowledged', at: new Date() }
const UNCONFIRMED: Answer = { outcome: 'unconfirmed', why: 'no answer' }

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

  it('has one message of a conversation in flight, and others beside it', async () => {
    const desk = new Desk()
    const inFlight = new Map<string, number>()
    let most = 0
    let mostOfOne = 0
    desk.transport.answer = async ({ chat: { address: chat } }) => {
      inFlight.set(chat, (inFlight.get(chat) ?? 0) + 1)
      const counts = [...inFlight.values()]
      most = Math.max(
        most,
        counts.reduce((sum, count) => sum + count, 0),
      )
      mostOfOne = Math.max(mostOfOne, ...counts)
      await new Promise((resolve) => setImmediate(resolve))
      inFlight.set(chat, (inFlight.get(chat) ?? 0) - 1)
      return ACKNOWLEDGED
    }
    desk.allow(ALICE, BOB)
    desk.conversations.start()
    for (const text of ['one', 'two', 'three']) for (const from of [ALICE, BOB]) desk.receive(from, text)
    await desk.until(() => desk.named('message.sent').length === 6)
    expect(mostOfOne).toBe(1)
    expect(most).toBe(2)
    for (const from of [ALICE, BOB]) {
      const texts = desk.transport.sent.filter(({ chat }) => chat.address.includes(from.slice(1)))
      expect(texts.map(({ text }) => text)).toEqual(['one', 'two', 'three'])
    }
  })

  // A chat whose acknowledgements were lost took 15 s for each attempt, and everybody else's replies waited behind it.
  it('lets no chat wait for another that gets no answer, up to a limit of chats', async () => {
    const desk = new Desk()
    const stuck = Array.from({ length: 40 }, (_each, index) => `+1555000${2000 + index}`)
    const open = new Set<() => void>()
    desk.transport.answer = ({ text }) =>
      text === 'stuck' ? new Promise((resolve) => open.add(() => resolve(UNCONFIRMED))) : ACKNOWLEDGED
    desk.allow(ALICE, ...stuck)
    desk.conversations.start()
    for (const from of stuck.slice(0, 31)) desk.receive(from, 'stuck')
    await desk.until(() => open.size === 31)
    desk.receive(ALICE, 'hello')
    await desk.until(() => desk.named('message.sent').length === 1)
    for (const from of stuck.slice(31)) desk.receive(from, 'stuck')
    await desk.until(() => open.size === 32)
    await desk.settle()
    expect(open.size).toBe(32)
    desk.transport.answer = () => ACKNOWLEDGED
    for (const finish of open) finish()
  })

  it('tries a recipient without keys again for half an hour, and then says why it gave up', async () => {
    useFakeClock()
    const desk = new Desk()
    desk.allow(ALICE, BOB)
    let hasKeys = false
    desk.transport.answer = ({ chat: { address: chat } }) =>
      hasKeys || chat.includes(BOB.slice(1)) ? ACKNOWLEDGED : { ...UNCONFIRMED, hasNoKeys: true }
    desk.conversations.start()
    await vi.advanceTimersByTimeAsync(1)
    desk.receive(ALICE, 'hello')
    await vi.advanceTimersByTimeAsync(29 * 60_000)
    expect(desk.named('message.failed')).toEqual([])
    desk.receive(BOB, 'me too')
    await desk.until(() => desk.named('message.sent').length === 1)
    expect(desk.named('message.sent')).toMatchObject([{ conversation: BOB }])
    await vi.advanceTimersByTimeAsync(3 * 60_000)
    expect(desk.named('message.failed')).toMatchObject([
      { code: 'no_recipient_keys', message: expect.stringContaining('Send it again when') },
    ])
    const attempts = desk.transport.sent.filter(({ text }) => text === 'hello').length
    expect(attempts).toBeGreaterThan(20)
    expect(attempts).toBeLessThan(60)

    // What was tried in vain counts nothing against it once there are keys.
    desk.receive(ALICE, 'again')
    await vi.advanceTimersByTimeAsync(20 * 60_000)
    hasKeys = true
    await vi.advanceTimersByTimeAsync(61_000)
    await desk.until(() => desk.named('message.sent').length === 2)
    expect(desk.named('message.sent').at(-1)).toMatchObject({ conversation: ALICE })
  })

  // A message that ends every connection must not take those with it that are on their way beside it.
  it('sends what ended a connection after everything else', async () => {
    const desk = new Desk()
    const waiting: (() => void)[] = []
    desk.transport.answer = ({ text }) =>
      text === 'poison'
        ? new Promise((resolve) => {
            waiting.push(() =>
              resolve({ outcome: 'unconfirmed', why: 'the connection was lost', interrupted: true }),
            )
          })
        : ACKNOWLEDGED
    desk.allow(ALICE, BOB)
    desk.conversations.start()
    desk.receive(ALICE, 'poison')
    await desk.until(() => waiting.length === 1)
    desk.setReady(false)
    waiting[0]?.()
    await desk.settle()
    desk.receive(BOB, 'hello')
    await desk.until(() => desk.named('message.queued').length === 2)
    desk.setReady(true)
    await desk.until(() => waiting.length === 2)
    expect(desk.transport.texts()).toEqual(['poison', 'hello', 'poison'])
    waiting[1]?.()
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
    desk.receive(ALICE, 'hello')
    await desk.until(() => desk.transport.sent.length === 1)
    const id = desk.transport.sent[0]?.id ?? ''
    for (const status of ['read', 'delivered', 'read'] as const)
      desk.conversations.statusChanged({ remoteId: id, localId: id, status })
    desk.conversations.statusChanged({ remoteId: 'not ours', localId: null, status: 'read' })
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
    const desk = new Desk({ pace: { perMinute: 3, perHour: 100, firstContactsPerDay: 20 } })
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
