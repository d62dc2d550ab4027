import { describe, expect, it, vi } from 'vitest'
import { type Answer, CAPABILITIES } from '../../../support/memory-transport.ts'
import { ALICE, BOB, Desk } from '../desk.ts'
import { useFakeClock } from '../fake-clock.ts'

const LOST: Answer = { outcome: 'unconfirmed', why: 'the answer was lost' }
const SETTLE_MS = 2 * 60_000
/** Of a message from before the start of the process. */
const SETTLE_AFTER_START_MS = 10 * 60_000

/** An account over a transport whose server gives the ids, and that may show a second send twice. */
function serverDesk(): Desk {
  const desk = new Desk({}, undefined, null, CAPABILITIES.server)
  desk.conversations.start()
  return desk
}

const rows = (desk: Desk): unknown[] =>
  desk.database.prepare('SELECT message_id, remote_id, state FROM outbox ORDER BY sequence').all()

describe('a message whose outcome is unknown, where a second send could show twice', () => {
  it('is not sent again before a status, which settles it; its conversation waits, others do not', async () => {
    useFakeClock()
    const desk = serverDesk()
    desk.transport.answer = ({ text }) =>
      text === 'lost' ? LOST : { outcome: 'acknowledged', at: new Date() }
    desk.receive(ALICE, 'lost')
    await desk.until(() => desk.transport.sent.length === 1)
    desk.receive(ALICE, 'behind')
    desk.receive(BOB, 'beside')
    await desk.until(() => desk.named('message.sent').length === 1)
    vi.advanceTimersByTime(SETTLE_MS / 2)
    desk.setReady(false)
    desk.setReady(true)
    await desk.settle()
    expect(desk.transport.texts()).toEqual(['lost', 'beside'])
    const localId = desk.transport.sent[0]?.id ?? ''
    desk.conversations.statusChanged({ remoteId: 'wamid.1', localId, status: 'sent' })
    await desk.until(() => desk.named('message.sent').length === 3)
    expect(desk.transport.texts()).toEqual(['lost', 'beside', 'behind'])
    expect(rows(desk)[0]).toEqual({ message_id: localId, remote_id: 'wamid.1', state: 'acknowledged' })
  })

  it('is settled on disk at once: WhatsApp does not tell a status twice', async () => {
    const desk = serverDesk()
    desk.transport.answer = () => LOST
    desk.receive(ALICE, 'lost')
    await desk.until(() => desk.transport.sent.length === 1)
    await desk.settle()
    const localId = desk.transport.sent[0]?.id ?? ''
    desk.conversations.statusChanged({ remoteId: 'wamid.1', localId, status: 'played' })
    desk.crash()
    expect(rows(desk)).toEqual([{ message_id: localId, remote_id: 'wamid.1', state: 'read' }])
  })

  it('is found by WhatsApp’s id where what came back as ours is of another program', async () => {
    const desk = serverDesk()
    desk.transport.answer = () => ({ outcome: 'acknowledged', at: new Date(), remoteId: 'wamid.7' })
    desk.receive(ALICE, 'hello')
    await desk.until(() => desk.named('message.sent').length === 1)
    desk.conversations.statusChanged({ remoteId: 'wamid.7', localId: 'of another', status: 'delivered' })
    desk.conversations.statusChanged({ remoteId: 'wamid.8', localId: 'of another', status: 'read' })
    await desk.until(() => desk.named('message.delivered').length === 1)
    expect(desk.named('message.read')).toEqual([])
  })

  it('is not sent again after a crash either, not even one in the middle of its send', async () => {
    useFakeClock()
    const desk = serverDesk()
    desk.transport.answer = () => new Promise(() => {})
    desk.receive(ALICE, 'once')
    await desk.until(() => desk.transport.sent.length === 1)
    desk.crash()
    desk.conversations.start()
    vi.advanceTimersByTime(SETTLE_AFTER_START_MS - 1_000)
    await desk.settle()
    expect(desk.transport.texts()).toEqual(['once'])
    const localId = desk.transport.sent[0]?.id ?? ''
    desk.conversations.statusChanged({ remoteId: 'wamid.1', localId, status: 'delivered' })
    await desk.until(() => desk.named('message.delivered').length === 1)
    expect(desk.transport.texts()).toEqual(['once'])
  })

  it('fails when no status comes in time, and goes again when a person wants it', async () => {
    useFakeClock()
    const desk = serverDesk()
    desk.transport.answer = () => LOST
    desk.receive(ALICE, 'lost')
    await desk.until(() => desk.transport.sent.length === 1)
    await desk.settle()
    const id = desk.transport.sent[0]?.id ?? ''
    expect(desk.conversations.outbox.list({ limit: 10 }).messages).toMatchObject([{ waitsFor: 'status' }])
    expect(() => desk.conversations.outbox.discard(id)).toThrow(
      expect.objectContaining({ code: 'message_under_way' }),
    )
    vi.advanceTimersByTime(SETTLE_MS)
    expect(desk.named('message.failed')).toMatchObject([{ code: 'unconfirmed', messageId: id }])
    desk.transport.answer = () => ({ outcome: 'acknowledged', at: new Date() })
    desk.conversations.outbox.retry(id)
    await desk.until(() => desk.named('message.sent').length === 1)
    expect(desk.transport.texts()).toEqual(['lost', 'lost'])
  })

  it('goes again by itself where nothing of it went out', async () => {
    useFakeClock()
    const desk = serverDesk()
    let sends = 0
    desk.transport.answer = () => {
      sends += 1
      if (sends > 1) return { outcome: 'acknowledged', at: new Date() }
      return { outcome: 'unconfirmed', why: 'no connection', nothingLeft: true }
    }
    desk.receive(ALICE, 'hello')
    await desk.until(() => desk.named('message.sent').length === 1)
    expect(desk.transport.texts()).toEqual(['hello', 'hello'])
    desk.crash()
    desk.conversations.start()
    await desk.settle()
    expect(sends).toBe(2)
  })
})

describe('a refusal that comes after the acknowledgement', () => {
  const failed = { status: 'failed', code: 'undeliverable', message: 'It cannot be delivered.' } as const

  it('marks the message as failed, once', async () => {
    const desk = serverDesk()
    desk.receive(ALICE, 'hello')
    await desk.until(() => desk.named('message.sent').length === 1)
    const { id = '' } = desk.transport.sent[0] ?? {}
    for (const localId of [null, id])
      desk.conversations.statusChanged({ remoteId: `wamid.${id}`, localId, ...failed })
    await desk.until(() => desk.named('message.failed').length === 1)
    await desk.settle()
    expect(desk.named('message.failed')).toMatchObject([{ code: 'undeliverable', messageId: id }])
    expect(desk.conversations.outbox.failed).toBe(1)
  })

  it('counts for nothing where the person has the message', async () => {
    const desk = serverDesk()
    desk.receive(ALICE, 'hello')
    await desk.until(() => desk.named('message.sent').length === 1)
    const remoteId = `wamid.${desk.transport.sent[0]?.id ?? ''}`
    desk.conversations.statusChanged({ remoteId, localId: null, status: 'delivered' })
    await desk.until(() => desk.named('message.delivered').length === 1)
    desk.conversations.statusChanged({ remoteId, localId: null, ...failed })
    await desk.settle()
    expect(desk.named('message.failed')).toEqual([])
  })
})

describe('statuses of an attempt that failed, which WhatsApp repeats or reorders', () => {
  const failed = { status: 'failed', code: 'undeliverable', message: 'It cannot be delivered.' } as const
  const stateOf = (desk: Desk): unknown => rows(desk)[0]

  /** A message whose first attempt was `wamid.1`, and failed. */
  async function failedDesk(): Promise<{ desk: Desk; localId: string }> {
    const desk = serverDesk()
    desk.transport.answer = () => ({ outcome: 'acknowledged', at: new Date(), remoteId: 'wamid.1' })
    desk.receive(ALICE, 'hello')
    await desk.until(() => desk.named('message.sent').length === 1)
    const localId = desk.transport.sent[0]?.id ?? ''
    desk.conversations.statusChanged({ remoteId: 'wamid.1', localId, ...failed })
    return { desk, localId }
  }

  it('leave it failed', async () => {
    const { desk, localId } = await failedDesk()
    desk.conversations.statusChanged({ remoteId: 'wamid.1', localId, status: 'sent' })
    expect(stateOf(desk)).toMatchObject({ state: 'failed' })
    desk.conversations.statusChanged({ remoteId: 'wamid.1', localId, status: 'delivered' })
    expect(stateOf(desk)).toMatchObject({ state: 'delivered' })
  })

  it('settle nothing of the next attempt, whose id the message has from then on', async () => {
    const { desk, localId } = await failedDesk()
    let acknowledge: (answer: Answer) => void = () => {}
    desk.transport.answer = () =>
      new Promise((resolve) => {
        acknowledge = resolve
      })
    desk.conversations.outbox.retry(localId)
    await desk.until(() => desk.transport.sent.length === 2)
    desk.conversations.statusChanged({ remoteId: 'wamid.1', localId, ...failed })
    desk.conversations.statusChanged({ remoteId: 'wamid.1', localId, status: 'sent' })
    expect(stateOf(desk)).toMatchObject({ state: 'queued' })
    acknowledge({ outcome: 'acknowledged', at: new Date(), remoteId: 'wamid.2' })
    await desk.until(() => desk.named('message.sent').length === 2)
    desk.conversations.statusChanged({ remoteId: 'wamid.1', localId, ...failed })
    expect(stateOf(desk)).toMatchObject({ remote_id: 'wamid.2', state: 'acknowledged' })
    desk.conversations.statusChanged({ remoteId: 'wamid.2', localId: null, status: 'delivered' })
    expect(stateOf(desk)).toMatchObject({ state: 'delivered' })
  })

  it('are told from those of a later attempt whose answer was lost', async () => {
    useFakeClock()
    const { desk, localId } = await failedDesk()
    desk.transport.answer = () => LOST
    desk.conversations.outbox.retry(localId)
    await desk.until(() => desk.transport.sent.length === 2)
    await desk.settle()
    vi.advanceTimersByTime(SETTLE_MS)
    desk.conversations.statusChanged({ remoteId: 'wamid.1', localId, status: 'sent' })
    expect(stateOf(desk)).toMatchObject({ state: 'failed' })
    desk.conversations.statusChanged({ remoteId: 'wamid.2', localId, status: 'sent' })
    expect(stateOf(desk)).toMatchObject({ remote_id: 'wamid.2', state: 'acknowledged' })
  })
})

it('a status that overtakes the acknowledgement counts, although only that one names the message', async () => {
  const desk = serverDesk()
  let acknowledge: (answer: Answer) => void = () => {}
  desk.transport.answer = () =>
    new Promise((resolve) => {
      acknowledge = resolve
    })
  desk.receive(ALICE, 'hello')
  await desk.until(() => desk.transport.sent.length === 1)
  for (const status of ['read', 'delivered'] as const)
    desk.conversations.statusChanged({ remoteId: 'wamid.9', localId: null, status })
  acknowledge({ outcome: 'acknowledged', at: new Date(), remoteId: 'wamid.9' })
  await desk.until(() => desk.named('message.read').length === 1)
  expect(desk.named('message.sent')).toHaveLength(1)
  expect(rows(desk)).toMatchObject([{ remote_id: 'wamid.9', state: 'read' }])
})

it('of statuses that no message is known for, the newest 200 are kept', async () => {
  const desk = serverDesk()
  let acknowledge: (answer: Answer) => void = () => {}
  desk.transport.answer = () =>
    new Promise((resolve) => {
      acknowledge = resolve
    })
  desk.receive(ALICE, 'hello')
  await desk.until(() => desk.transport.sent.length === 1)
  for (let index = 0; index <= 200; index += 1)
    desk.conversations.statusChanged({ remoteId: `wamid.${index}`, localId: null, status: 'read' })
  acknowledge({ outcome: 'acknowledged', at: new Date(), remoteId: 'wamid.0' })
  await desk.until(() => desk.named('message.sent').length === 1)
  await desk.settle()
  expect(desk.named('message.read')).toEqual([])
})
