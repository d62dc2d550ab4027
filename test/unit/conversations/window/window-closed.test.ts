import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { MessageTemplate } from '../../../../src/messaging/message-template.ts'
import type { Requester } from '../../../../src/conversations/sending/send-request.ts'
import { CAPABILITIES } from '../../../support/memory-transport.ts'
import { ALICE, Desk } from '../desk.ts'

const OWNER: Requester = { author: 'owner', by: 'api', mayForce: false }
const ADDRESS = `${ALICE.slice(1)}@s.whatsapp.net`
const HOUR_MS = 3_600_000
const ORDER: MessageTemplate = {
  name: 'order_ready',
  language: 'en',
  category: 'utility',
  body: 'Order {{1}} is ready.',
  header: null,
  footer: null,
  buttons: [],
  variables: [{ name: '1', place: 'body', isNamed: false, example: '7' }],
}

let desk: Desk
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] })
  desk = new Desk({}, undefined, null, CAPABILITIES.server)
  desk.transport.templates = { list: () => Promise.resolve([ORDER]), knownNames: ['order_ready'] }
  desk.conversations.start()
})
afterEach(() => void vi.useRealTimers())

const open = (): void => void desk.transport.windows.set(ADDRESS, Date.now() + HOUR_MS)
const close = (): void => void desk.transport.windows.set(ADDRESS, Date.now())
const closed = (details: object = {}) =>
  expect.objectContaining({ code: 'window_closed', details: expect.objectContaining(details) })
/** A conversation in which Alice was answered a day ago. */
async function answered(): Promise<void> {
  open()
  desk.receive(ALICE, 'hello')
  await desk.until(() => desk.named('message.sent').length === 1)
}
const view = () => desk.conversations.admin.get(ALICE)

describe('what is sent to somebody who has not written for a day', () => {
  it('is refused before it is stored, with the time and the templates that there are', async () => {
    await answered()
    close()
    const at = new Date().toISOString()
    const send = desk.conversations.sending.send({ to: ALICE, text: 'hi' }, OWNER)
    await expect(send).rejects.toEqual(closed({ closedAt: at, templates: ['order_ready'] }))
    await expect(
      desk.conversations.sending.send({ to: ALICE, location: { latitude: 1, longitude: 2 } }, OWNER),
    ).rejects.toEqual(closed())
    expect(() =>
      desk.conversations.changes.react({ conversation: ALICE, messageId: 'IN1', emoji: '👍' }, OWNER),
    ).toThrowError(closed())
    expect(desk.transport.sent).toHaveLength(1)
    expect(desk.conversations.outbox.list({ limit: 10 }).messages).toEqual([])
  })

  it('names templates also where nobody has asked for them yet, and does not wait for Meta', async () => {
    const known: string[] = []
    const list = (): Promise<MessageTemplate[]> => {
      known.push(ORDER.name)
      return Promise.resolve([ORDER])
    }
    desk.transport.templates = { list, knownNames: known }
    desk.transport.window = null
    const send = () => desk.conversations.sending.send({ to: ALICE, text: 'hi' }, OWNER)
    await expect(send()).rejects.toEqual(closed({ templates: ['order_ready'] }))
    desk.transport.templates = { list: () => Promise.reject(new Error('away')), knownNames: [] }
    await expect(send()).rejects.toEqual(closed({ templates: [] }))
  })

  it('is refused where the person never wrote', async () => {
    desk.transport.window = null
    const send = desk.conversations.sending.send({ to: ALICE, text: 'hi' }, OWNER)
    await expect(send).rejects.toEqual(closed({ closedAt: null }))
  })

  it('may be a template, whose words are shown filled in', async () => {
    desk.transport.window = null
    const template = { name: 'order_ready', variables: { 1: '1843' } }
    await desk.conversations.sending.send({ to: ALICE, template }, OWNER)
    await desk.until(() => desk.named('message.sent').length === 1)
    expect(desk.transport.sent[0]?.part).toMatchObject({
      kind: 'template',
      name: 'order_ready',
      language: 'en',
      text: 'Order 1843 is ready.',
      components: [{ kind: 'body', parameters: [{ kind: 'text', name: null, text: '1843' }] }],
    })
    const { messages } = desk.conversations.admin.messages(ALICE, { limit: 1 })
    expect(messages[0]).toMatchObject({ text: 'Order 1843 is ready.', details: [{ type: 'template' }] })
  })
})

describe('what waits while the window closes', () => {
  it('fails in the moment in which it would leave, and not again after a restart', async () => {
    await answered()
    desk.setReady(false)
    const queued = await desk.conversations.sending.send({ to: ALICE, text: 'hi', queue: true }, OWNER)
    close()
    await desk.restart()
    desk.conversations.start()
    desk.setReady(true)
    await desk.until(() => desk.named('message.failed').length === 1)
    expect(desk.conversations.sending.get(queued.messageId)).toMatchObject({
      state: 'failed',
      failure: { code: 'window_closed' },
    })
    expect(() => desk.conversations.outbox.retry(queued.messageId)).toThrowError(closed())
    expect(desk.transport.sent).toHaveLength(1)
    open()
    desk.conversations.outbox.retry(queued.messageId)
    await desk.until(() => desk.transport.sent.length === 2)
  })

  it('is an answer that its owner sees as failed, and that nobody sends again', async () => {
    open()
    desk.agent = {
      async *reply() {
        close()
        yield { type: 'delta', text: 'late' }
      },
    }
    desk.receive(ALICE, 'hello')
    await desk.until(() => desk.named('message.failed').length === 1)
    expect(desk.transport.sent).toEqual([])
    const { messages } = desk.conversations.admin.messages(ALICE, { limit: 5 })
    expect(messages.at(-1)).toMatchObject({ text: 'late', failure: { code: 'window_closed' } })
    expect(desk.conversations.attention().waiting).toBe(1)
    await desk.restart()
    desk.conversations.start()
    await desk.settle()
    expect(desk.transport.sent).toEqual([])
  })

  it('goes out where the person writes while the assistant is writing', async () => {
    open()
    desk.agent = {
      async *reply() {
        close()
        open()
        yield { type: 'delta', text: 'in time' }
      },
    }
    desk.receive(ALICE, 'hello')
    await desk.until(() => desk.named('message.sent').length === 1)
    expect(desk.transport.texts()).toEqual(['in time'])
  })

  it('fails where the transport itself refuses it', async () => {
    open()
    desk.transport.answer = () => ({ outcome: 'refused', code: 'window_closed', message: 'closed' })
    desk.receive(ALICE, 'hello')
    await desk.until(() => desk.named('message.failed').length === 1)
    expect(desk.named('message.failed')[0]).toMatchObject({ code: 'window_closed' })
    await desk.settle()
    expect(desk.transport.sent).toHaveLength(1)
  })

  it('is no reaction either', async () => {
    desk.config = { ...desk.config, ackReaction: { ...desk.config.ackReaction, emoji: '👀' } }
    close()
    desk.receive(ALICE, 'hello')
    await desk.until(() => desk.named('message.failed').length === 1)
    expect(desk.transport.reactions).toEqual([])
  })
})

describe('a conversation', () => {
  it('shows until when it may be written to, and since when not', async () => {
    await answered()
    const closesAt = desk.transport.windows.get(ADDRESS) ?? 0
    const until = new Date(closesAt).toISOString()
    expect(view().window).toEqual({ state: 'open', until, freeUntil: null })
    desk.transport.freeEntries.set(ADDRESS, closesAt + HOUR_MS)
    vi.setSystemTime(closesAt)
    const freeUntil = new Date(closesAt + HOUR_MS).toISOString()
    expect(view().window).toEqual({ state: 'closed', until, freeUntil })
  })

  it('has no window over a transport that knows none', async () => {
    desk = new Desk()
    desk.conversations.start()
    desk.receive(ALICE, 'hello')
    await desk.until(() => desk.named('message.sent').length === 1)
    expect(view().window).toBeNull()
  })

  it('is told of when its window opens or closes', async () => {
    await answered()
    await desk.until(() => desk.named('conversation.updated').length > 0)
    const before = desk.named('conversation.updated').length
    desk.conversations.windowChanged(ADDRESS)
    await desk.until(() => desk.named('conversation.updated').length > before)
    desk.conversations.windowChanged('nobody')
  })
})
