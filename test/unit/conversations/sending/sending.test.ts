import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Requester, SendRequest } from '../../../../src/conversations/sending/send-request.ts'
import { NamedAgent } from '../named-agent.ts'
import { ALICE, BOB, Desk, direct, group, OWN, STRANGER } from '../desk.ts'

const OWNER: Requester = { author: 'owner', by: 'api', mayForce: false }
const ASSISTANT: Requester = { author: 'assistant', by: 'api', mayForce: false }
const FORCING: Requester = { ...OWNER, mayForce: true }

let desk: Desk
const start = (overrides: ConstructorParameters<typeof Desk>[0] = {}): Desk => {
  desk = new Desk(overrides)
  desk.conversations.start()
  return desk
}
const send = (request: SendRequest, requester = OWNER) => desk.conversations.sending.send(request, requester)

describe('a message that is sent to somebody', () => {
  beforeEach(() => void start())

  it('goes out as it was written, once, and tells what became of it', async () => {
    const sent = await send({ to: ALICE, text: '*Hello*  _you_', clientMessageId: 'a' })
    expect(sent).toMatchObject({ isNew: true, state: 'queued', conversation: ALICE, clientMessageId: 'a' })
    await desk.until(() => desk.named('message.sent').length === 1)
    expect(desk.transport.texts()).toEqual(['*Hello*  _you_'])
    expect(desk.conversations.sending.get(sent.messageId)).toMatchObject({ state: 'sent', waitsFor: null })
  })

  it('is sent once for the same request, however often it comes, also after a crash', async () => {
    const request = { to: ALICE, text: 'hello', clientMessageId: 'a' }
    const [first, second] = await Promise.all([send(request), send(request)])
    expect([first.isNew, second.isNew]).toEqual([true, false])
    await desk.until(() => desk.named('message.sent').length === 1)
    desk.crash()
    desk.conversations.start()
    const third = await send({ text: 'hello', clientMessageId: 'a', to: ALICE })
    expect(third).toMatchObject({ isNew: false, messageId: first.messageId })
    await desk.settle()
    expect(desk.transport.texts()).toEqual(['hello'])
  })

  // Who sends a file again uploads it again, which has another id then.
  it('is the same with the same file, also where that was uploaded once more, and is gone', async () => {
    const upload = async (words: string) => {
      async function* body() {
        yield Buffer.from(words)
      }
      return (
        await desk.conversations.media.receive({ body: body(), length: null, name: 'a.txt', mimeType: null })
      ).mediaId
    }
    const request = (mediaId: string, caption = 'the plan') => ({
      to: ALICE,
      media: { mediaId, kind: 'document' as const, caption },
      clientMessageId: 'a',
    })
    const first = await upload('one')
    const { messageId } = await send(request(first))
    await desk.until(() => desk.named('message.sent').length === 1)
    expect(await send(request(await upload('one')))).toMatchObject({ isNew: false, messageId, state: 'sent' })
    for (const other of [request(await upload('two')), request(first, 'another')])
      await expect(send(other)).rejects.toMatchObject({ code: 'client_message_id_reused' })
    desk.database.prepare('DELETE FROM media WHERE id = ?').run(first)
    expect(await send(request(first))).toMatchObject({ isNew: false, messageId })
    expect(desk.transport.sent).toHaveLength(1)
  })

  it('is refused where another one has its id', async () => {
    await send({ to: ALICE, text: 'hello', clientMessageId: 'a' })
    await expect(send({ to: ALICE, text: 'bye', clientMessageId: 'a' })).rejects.toMatchObject({
      code: 'client_message_id_reused',
    })
    await expect(send({ to: BOB, text: 'hello', clientMessageId: 'a' })).rejects.toMatchObject({
      code: 'client_message_id_reused',
    })
  })

  it('stays in the order of its conversation', async () => {
    desk.setReady(false)
    for (const text of ['one', 'two', 'three']) await send({ to: ALICE, text, queue: true })
    desk.setReady(true)
    await desk.until(() => desk.transport.sent.length === 3)
    expect(desk.transport.texts()).toEqual(['one', 'two', 'three'])
  })

  it('waits behind the answers of other conversations, and keeps the order of its own', async () => {
    desk.setReady(false)
    desk.allow(ALICE, BOB, OWN, STRANGER)
    await send({ to: STRANGER, text: 'newsletter', queue: true })
    await send({ to: ALICE, text: 'before', queue: true }, ASSISTANT)
    desk.receive(ALICE, 'answered')
    desk.receive(BOB, 'answered, too')
    await desk.until(() => desk.named('agent.turnFinished').length === 2)
    desk.setReady(true)
    await desk.until(() => desk.transport.sent.length === 4)
    expect(desk.transport.texts()).toEqual(['before', 'answered, too', 'newsletter', 'answered'])
  })

  it('is one of 500 that wait', async () => {
    desk.setReady(false)
    for (let count = 0; count < 500; count += 1) await send({ to: ALICE, text: 'x', queue: true })
    const full = expect.objectContaining({ code: 'rate_limited' })
    await expect(send({ to: BOB, text: 'x', queue: true })).rejects.toEqual(full)
    desk.setReady(true)
    await desk.until(() => desk.named('message.sent').length > 0)
    expect(await send({ to: BOB, text: 'x', queue: true })).toMatchObject({ isNew: true })
  })

  it('waits while there is no connection only where it may', async () => {
    desk.setReady(false)
    await expect(send({ to: ALICE, text: 'hello' })).rejects.toMatchObject({ code: 'not_connected' })
    expect(desk.named('message.queued')).toEqual([])
    expect(await send({ to: ALICE, text: 'hello', queue: true })).toMatchObject({ waitsFor: 'connection' })
  })

  it('is not sent while the account is paused', async () => {
    desk.config = { ...desk.config, enabled: false }
    await expect(send({ to: ALICE, text: 'hello', queue: true })).rejects.toMatchObject({
      code: 'account_disabled',
    })
  })

  it('is the owner’s for the assistant, which reads it before the next question', async () => {
    const agent = new NamedAgent('ada')
    desk.agent = agent
    // It takes the chat over, which is handed back.
    const handBack = () => desk.receive(OWN, '/resume', { chat: direct(`${ALICE.slice(1)}@s.whatsapp.net`) })
    await send({ to: ALICE, text: 'I have sent you the offer.' })
    desk.receive(ALICE, 'not answered')
    handBack()
    desk.receive(ALICE, 'which one?')
    await desk.until(() => desk.transport.sent.length === 3)
    expect(agent.turns[0]?.history).toMatchObject([
      { from: 'owner', text: 'I have sent you the offer.' },
      { text: 'not answered' },
    ])
    desk.receive(ALICE, '/new')
    await desk.until(() => desk.transport.sent.length === 4)
    await send({ to: ALICE, text: 'And this one is new.' })
    handBack()
    desk.receive(ALICE, 'thanks')
    await desk.until(() => desk.transport.sent.length === 7)
    expect(agent.turns[1]?.history).toMatchObject([{ from: 'owner', text: 'And this one is new.' }])
  })

  it('answers a message of the conversation visibly', async () => {
    const { id } = desk.receive(ALICE, 'how much?')
    await desk.until(() => desk.transport.sent.length === 1)
    await send({ to: ALICE, text: 'ten', quote: id })
    await desk.until(() => desk.transport.sent.length === 2)
    expect(desk.transport.sent[1]?.quote).toMatchObject({ message: { id }, text: 'how much?' })
    await expect(send({ to: BOB, text: 'ten', quote: id })).rejects.toMatchObject({
      code: 'message_not_found',
    })
  })

  it('finds the conversation by its id, too, and by nothing that is none', async () => {
    const { conversationId } = await send({ to: ALICE, text: 'hello' })
    expect(await send({ conversation: conversationId, text: 'you' })).toMatchObject({ conversation: ALICE })
    expect(await send({ conversation: ALICE, text: 'you' })).toMatchObject({ conversationId })
    await expect(send({ conversation: BOB, text: 'you' })).rejects.toMatchObject({
      code: 'conversation_not_found',
    })
    await expect(send({ conversation: '999', text: 'you' })).rejects.toMatchObject({
      code: 'conversation_not_found',
    })
  })

  it.each([
    [{ text: 'x' }, 'invalid_params'],
    [{ to: ALICE, conversation: ALICE, text: 'x' }, 'invalid_params'],
    [{ to: ALICE }, 'invalid_params'],
    [{ to: ALICE, text: ' \n' }, 'invalid_params'],
    [{ to: '+1 555', text: 'x' }, 'invalid_phone_number'],
    [{ to: 'somebody', text: 'x' }, 'conversation_not_found'],
  ])('is refused where it is none: %j', async (request, code) => {
    await expect(send(request)).rejects.toMatchObject({ code })
    expect(desk.named('message.queued')).toEqual([])
  })

  it('has the prefix of every message only where the assistant says it', async () => {
    desk.config = { ...desk.config, messagePrefix: '🤖 ' }
    await send({ to: ALICE, text: 'mine' })
    await send({ to: BOB, text: 'its own' }, ASSISTANT)
    await desk.until(() => desk.transport.sent.length === 2)
    expect(desk.transport.texts()).toEqual(['mine', '🤖 its own'])
  })

  it('is left alone by /stop, which takes back what the assistant says', async () => {
    desk.setReady(false)
    const sent = await send({ to: ALICE, text: 'mine', queue: true })
    desk.receive(ALICE, '/stop')
    await desk.settle()
    expect(desk.conversations.sending.get(sent.messageId).state).toBe('queued')
  })
})

describe('who may be sent to', () => {
  const open = { groupAccess: { groupPolicy: 'open', groupAllowFrom: null, groups: {} } } as const

  it('is who may write; everybody else is refused without a question to WhatsApp', async () => {
    start()
    await expect(send({ to: STRANGER, text: 'hi' })).rejects.toMatchObject({ code: 'recipient_not_allowed' })
    expect(desk.transport.whats('find')).toEqual([])
  })

  it('is asked again when the message leaves', async () => {
    start()
    desk.setReady(false)
    const { messageId } = await send({ to: BOB, text: 'hi', queue: true })
    desk.config = { ...desk.config, access: { ...desk.config.access, allowFrom: [ALICE] } }
    desk.setReady(true)
    await desk.until(() => desk.named('message.failed').length === 1)
    expect(desk.conversations.sending.get(messageId)).toMatchObject({
      state: 'failed',
      failure: { code: 'not_allowed' },
    })
  })

  it('is whom the owner writes to where people are only observed, and nobody whom the assistant writes to', async () => {
    start({ access: { dmPolicy: 'observe', allowFrom: [ALICE] } })
    expect(await send({ to: ALICE, text: 'hi' })).toMatchObject({ isNew: true })
    await desk.until(() => desk.transport.sent.length === 1)
    await expect(send({ to: ALICE, text: 'hi' }, ASSISTANT)).rejects.toMatchObject({
      code: 'recipient_not_allowed',
    })
  })

  it.each([
    ['taken_over', (chat: string) => desk.conversations.takeover.takeOver(chat, 'dashboard')],
    ['assistant_off', (chat: string) => desk.conversations.takeover.setAssistant(chat, false, 'owner')],
  ])('is nobody for an assistant where a person answers (%s)', async (reason, takeAway) => {
    start()
    const { messageId } = await send({ to: ALICE, text: 'hi' }, ASSISTANT)
    await desk.until(() => desk.named('message.sent').length === 1)
    desk.setReady(false)
    const queued = await send({ to: ALICE, text: 'later', queue: true }, ASSISTANT)
    desk.conversations.changes.edit({ messageId, text: 'bye', queue: true }, ASSISTANT)
    takeAway(ALICE)
    const refused = expect.objectContaining({ code: 'recipient_not_allowed', details: { reason } })
    await expect(send({ to: ALICE, text: 'hi', queue: true }, ASSISTANT)).rejects.toEqual(refused)
    expect(() =>
      desk.conversations.changes.react(
        { conversation: ALICE, messageId, emoji: '👍', queue: true },
        ASSISTANT,
      ),
    ).toThrowError(refused)
    desk.setReady(true)
    await desk.until(() => desk.named('message.failed').length === 1)
    expect(desk.conversations.sending.get(queued.messageId).state).toBe('discarded')
    expect([desk.transport.texts(), desk.transport.changes]).toEqual([['hi'], []])
    desk.conversations.takeover.setAssistant(ALICE, true, 'owner')
    expect(await send({ to: ALICE, text: 'hi' }, ASSISTANT)).toMatchObject({ isNew: true })
  })

  it('is not tried again for an assistant while a person answers there, and the refusal says what helps', async () => {
    start()
    desk.transport.answer = () => ({ outcome: 'refused', code: 'reachout_locked', message: 'not now' })
    const { messageId } = await send({ to: ALICE, text: 'hi' }, ASSISTANT)
    await desk.until(() => desk.named('message.failed').length === 1)
    // Takes the chat over.
    const owners = await send({ to: ALICE, text: 'mine' })
    await desk.until(() => desk.named('message.failed').length === 2)
    expect(() => desk.conversations.outbox.retry(messageId)).toThrowError(
      expect.objectContaining({
        code: 'recipient_not_allowed',
        details: { reason: 'taken_over' },
        action: expect.stringContaining('Hand the chat back'),
      }),
    )
    expect(desk.conversations.outbox.retry(owners.messageId)).toMatchObject({ state: 'queued' })
    desk.conversations.takeover.resume(ALICE, 'owner')
    expect(desk.conversations.outbox.retry(messageId)).toMatchObject({ state: 'queued' })
  })

  it.each([0, 1, 2, 3, 4])('is nobody for an assistant at any moment of the request (%i)', async (steps) => {
    start()
    await send({ to: ALICE, text: 'hi' }, ASSISTANT)
    await desk.until(() => desk.named('message.sent').length === 1)
    const sending = send({ to: ALICE, text: 'more' }, ASSISTANT).catch((error: unknown) => error)
    for (let step = 0; step < steps; step += 1) await Promise.resolve()
    desk.conversations.takeover.takeOver(ALICE, 'dashboard')
    await sending
    await desk.settle()
    expect([desk.transport.texts(), desk.named('message.failed')]).toEqual([['hi'], []])
  })

  it('is anybody only with the scope and with the setting, and for as long as both hold', async () => {
    start()
    const request = { to: STRANGER, text: 'hi', force: true }
    await expect(send(request)).rejects.toMatchObject({ code: 'forbidden', details: { scope: 'send:any' } })
    await expect(send(request, FORCING)).rejects.toMatchObject({
      code: 'recipient_not_allowed',
      action: expect.stringContaining('channels.whatsapp.sendToAnyone'),
    })
    desk.config = { ...desk.config, sendToAnyone: true }
    await expect(send({ to: STRANGER, text: 'hi' }, FORCING)).rejects.toMatchObject({
      code: 'recipient_not_allowed',
    })
    expect(await send(request, FORCING)).toMatchObject({ warning: { code: 'first_contact' } })
    await desk.until(() => desk.transport.sent.length === 1)
    desk.setReady(false)
    const { messageId } = await send({ ...request, queue: true }, FORCING)
    desk.config = { ...desk.config, sendToAnyone: false }
    desk.setReady(true)
    await desk.until(() => desk.named('message.failed').length === 1)
    expect(desk.conversations.sending.get(messageId).state).toBe('failed')
  })

  it('is a group that is read and that the account is in', async () => {
    start(open)
    desk.transport.groupNames.set('1@g.us', 'Family')
    expect(await send({ to: '1@g.us', text: 'hi' })).toMatchObject({ conversation: '1@g.us' })
    await desk.until(() => desk.transport.sent.length === 1)
    expect(desk.transport.sent[0]?.chat).toEqual(group('1@g.us'))
    await expect(send({ to: '2@g.us', text: 'hi' })).rejects.toMatchObject({ code: 'conversation_not_found' })
    desk.setReady(false)
    const unknown = send({ to: '2@g.us', text: 'hi', queue: true })
    await expect(unknown).rejects.toMatchObject({ code: 'not_connected' })
    desk.setReady(true)
    desk.config = {
      ...desk.config,
      sendToAnyone: true,
      groupAccess: { ...open.groupAccess, groupPolicy: 'disabled' },
    }
    await expect(send({ to: '1@g.us', text: 'hi', force: true }, FORCING)).rejects.toMatchObject({
      code: 'recipient_not_allowed',
    })
  })

  it('is the owner in the chat with themself', async () => {
    start()
    await send({ to: OWN, text: 'a note' })
    await desk.until(() => desk.transport.sent.length === 1)
    expect(desk.transport.sent[0]?.chat.kind).toBe('self')
  })
})

describe('a number that nobody has written to', () => {
  beforeEach(() => void start())

  it('is asked for once, and is a person from then on', async () => {
    await send({ to: ALICE, text: 'one' })
    await send({ to: ALICE, text: 'two' })
    expect(desk.transport.whats('find')).toHaveLength(1)
  })

  it('is refused where WhatsApp knows nobody with it', async () => {
    desk.transport.registrations.set(ALICE, null)
    await expect(send({ to: ALICE, text: 'one' })).rejects.toMatchObject({ code: 'not_on_whatsapp' })
  })

  it('is written to in the form that WhatsApp knows, whichever of the two is given later', async () => {
    const [written, registered] = ['+5511987654321', '+551187654321']
    desk.allow(written, registered)
    desk.transport.registrations.set(written, registered)
    const first = await send({ to: written, text: 'one' })
    expect(first.conversation).toBe(registered)
    expect(await send({ to: written, text: 'two' })).toMatchObject({ conversationId: first.conversationId })
    expect(await send({ to: registered, text: 'two' })).toMatchObject({
      conversationId: first.conversationId,
    })
    expect(desk.transport.whats('find')).toHaveLength(1)
  })
})

describe('people who are written to for the first time', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }))
  afterEach(() => void vi.useRealTimers())
  const pace = { perMinute: 100, perHour: 1_000, firstContactsPerDay: 1 }

  it('are so many a day, over a restart; who wrote is none of them', async () => {
    start({ pace })
    desk.receive(BOB, 'hello')
    await desk.until(() => desk.transport.sent.length === 1)
    expect(await send({ to: BOB, text: 'hi' })).not.toHaveProperty('warning')
    expect(await send({ to: ALICE, text: 'hi' })).toHaveProperty('warning')
    expect(await send({ to: ALICE, text: 'you' })).not.toHaveProperty('warning')
    await desk.restart()
    desk.conversations.start()
    const until = new Date(Date.now() + 86_400_000)
    await expect(send({ to: OWN.replace('9999', '9998'), text: 'hi' })).rejects.toMatchObject({
      code: 'recipient_not_allowed',
    })
    desk.allow(ALICE, BOB, STRANGER)
    const refused = send({ to: STRANGER, text: 'hi' })
    await expect(refused).rejects.toMatchObject({
      code: 'first_contacts_exhausted',
      details: { perDay: 1, until: until.toISOString() },
    })
    expect(desk.named('message.queued').filter(({ conversation }) => conversation === STRANGER)).toEqual([])
    vi.setSystemTime(until)
    expect(await send({ to: STRANGER, text: 'hi' })).toHaveProperty('warning')
  })

  it('are none where the config says so', async () => {
    start({ pace: { ...pace, firstContactsPerDay: 0 } })
    await expect(send({ to: ALICE, text: 'hi' })).rejects.toMatchObject({ details: { until: null } })
  })
})
