import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Requester } from '../../../../src/conversations/sending/send-request.ts'
import { CAPABILITIES } from '../../../support/memory-transport.ts'
import { ALICE, BOB, Desk, direct, OWN, STRANGER } from '../desk.ts'

const OWNER: Requester = { author: 'owner', by: 'api', mayForce: false }
const ASSISTANT: Requester = { ...OWNER, author: 'assistant' }
const FORCING: Requester = { ...OWNER, mayForce: true }

let desk: Desk
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] })
  desk = new Desk()
  desk.conversations.start()
})
afterEach(() => void vi.useRealTimers())

async function sent(text = 'hello'): Promise<string> {
  const before = desk.named('message.sent').length
  const { messageId } = await desk.conversations.sending.send({ to: ALICE, text }, OWNER)
  await desk.until(() => desk.named('message.sent').length > before)
  return messageId
}
const edit = (messageId: string, text: string, requester = OWNER) =>
  desk.conversations.changes.edit({ messageId, text, queue: true }, requester)
const revoke = (messageId: string, requester = OWNER) =>
  desk.conversations.changes.revoke({ messageId, queue: true }, requester)
const textOf = (messageId: string): unknown =>
  desk.database.prepare('SELECT text, revoked, edited FROM messages WHERE message_id = ?').get(messageId)

describe('a message of ours that is changed', () => {
  it('says the new text here once WhatsApp has it, and not before', async () => {
    const messageId = await sent()
    desk.setReady(false)
    const change = edit(messageId, 'hello you')
    expect(change).toMatchObject({ state: 'queued', conversation: ALICE })
    expect(textOf(messageId)).toMatchObject({ text: 'hello', edited: 0 })
    desk.setReady(true)
    await desk.until(() => desk.named('message.edited').length === 1)
    expect(desk.transport.changes).toMatchObject([
      { content: { kind: 'edit', text: 'hello you', target: { id: messageId, isOurs: true } } },
    ])
    expect(textOf(messageId)).toMatchObject({ text: 'hello you', edited: 1 })
    expect(desk.conversations.sending.get(change.messageId).state).toBe('sent')
  })

  it('is no message of its own', async () => {
    edit(await sent(), 'hello you')
    await desk.until(() => desk.named('message.edited').length === 1)
    expect(desk.database.prepare('SELECT count(*) AS n FROM messages').get()).toEqual({ n: 1 })
  })

  it('is changed in its place while it is not out', async () => {
    desk.setReady(false)
    const { messageId } = await desk.conversations.sending.send(
      { to: ALICE, text: 'hello', queue: true },
      OWNER,
    )
    expect(edit(messageId, 'bye')).toMatchObject({ messageId, state: 'queued' })
    desk.setReady(true)
    await desk.until(() => desk.transport.sent.length === 1)
    expect([desk.transport.texts(), desk.transport.changes]).toEqual([['bye'], []])
  })

  // Phones drop the second message with one id: the new text never arrived, and a deletion deleted nothing.
  it.each(['now', 'after a crash'])('is changed after it where it may have left (%s)', async (when) => {
    desk.transport.answer = () => {
      desk.setReady(false)
      return { outcome: 'unconfirmed', why: 'the connection ended', interrupted: true }
    }
    const { messageId } = await desk.conversations.sending.send({ to: ALICE, text: 'hello' }, OWNER)
    await desk.until(() => desk.transport.sent.length === 1)
    await desk.settle()
    if (when === 'after a crash') {
      desk.crash()
      desk.conversations.start()
    }
    expect(edit(messageId, 'bye').messageId).not.toBe(messageId)
    expect(revoke(messageId).messageId).not.toBe(messageId)
    desk.transport.answer = () => ({ outcome: 'acknowledged', at: new Date() })
    desk.setReady(true)
    await desk.until(() => desk.named('message.revoked').length === 1)
    expect(desk.transport.texts()).toEqual(['hello', 'hello'])
    expect(desk.transport.changes.map(({ content: { kind } }) => kind)).toEqual(['edit', 'revoke'])
  })

  it('is changed in its place where an attempt is known to have sent nothing', async () => {
    desk.transport.answer = () => {
      desk.setReady(false)
      return { outcome: 'unconfirmed', why: 'the connection ended', nothingLeft: true, interrupted: true }
    }
    const { messageId } = await desk.conversations.sending.send({ to: ALICE, text: 'hello' }, OWNER)
    await desk.until(() => desk.transport.sent.length === 1)
    await desk.settle()
    expect(edit(messageId, 'bye')).toMatchObject({ messageId, state: 'queued' })
    expect(revoke(messageId)).toMatchObject({ messageId, state: 'discarded' })
  })

  it('is changed for 15 minutes, and deleted for 60 hours', async () => {
    const messageId = await sent()
    vi.setSystemTime(Date.now() + 15 * 60_000 + 1)
    expect(() => edit(messageId, 'late')).toThrowError(
      expect.objectContaining({ code: 'message_not_changeable', details: { reason: 'too_old' } }),
    )
    vi.setSystemTime(Date.now() + 59 * 3_600_000)
    revoke(messageId)
    await desk.until(() => desk.named('message.revoked').length === 1)
    const other = await sent()
    vi.setSystemTime(Date.now() + 60 * 3_600_000 + 1)
    expect(() => revoke(other)).toThrowError(expect.objectContaining({ details: { reason: 'too_old' } }))
  })
})

describe('who may change a message of ours', () => {
  const refusal = (code: string) => expect.objectContaining({ code })

  // A token without the right to write to everybody changed what another token had sent there.
  it.each(['queued', 'sent'])('is nobody without that right where it was forced (%s)', async (state) => {
    desk = new Desk({ sendToAnyone: true })
    desk.conversations.start()
    const { messageId } = await desk.conversations.sending.send(
      { to: STRANGER, text: 'hello', force: true },
      FORCING,
    )
    if (state === 'sent') await desk.until(() => desk.named('message.sent').length === 1)
    for (const requester of [ASSISTANT, OWNER])
      expect(() => edit(messageId, 'bye', requester)).toThrowError(
        refusal(requester === OWNER ? 'recipient_not_allowed' : 'message_not_changeable'),
      )
    edit(messageId, 'bye', FORCING)
    revoke(messageId)
    await desk.settle()
    expect(desk.named('message.failed')).toEqual([])
  })

  it('is no assistant for what the owner wrote, and nobody for a sentence of the daemon', async () => {
    const owners = await sent()
    for (const change of [() => edit(owners, 'bye', ASSISTANT), () => revoke(owners, ASSISTANT)])
      expect(change).toThrowError(refusal('message_not_changeable'))
    desk.receive(ALICE, '/status')
    await desk.until(() => desk.named('message.sent').length === 2)
    const notice = String(desk.named('message.sent')[1]?.messageId)
    for (const change of [() => edit(notice, 'bye'), () => revoke(notice)])
      expect(change).toThrowError(refusal('message_not_changeable'))
  })

  it.each([true, false])('is the assistant, whose prefix is no part of the text (out: %s)', async (isOut) => {
    desk = new Desk({ messagePrefix: '🤖 ' })
    desk.conversations.start()
    desk.setReady(isOut)
    const { messageId } = await desk.conversations.sending.send(
      { to: ALICE, text: 'hello', queue: true },
      ASSISTANT,
    )
    if (isOut) await desk.until(() => desk.named('message.sent').length === 1)
    edit(messageId, 'bye', ASSISTANT)
    await desk.until(() => desk.named('message.edited').length === 1)
    expect(textOf(messageId)).toMatchObject({ text: 'bye' })
  })
})

describe('a message of ours that is deleted', () => {
  it('is gone here once WhatsApp has the deletion, and cannot be changed any more', async () => {
    const messageId = await sent()
    revoke(messageId)
    await desk.until(() => desk.named('message.revoked').length === 1)
    expect(desk.transport.changes).toMatchObject([{ content: { kind: 'revoke', target: { id: messageId } } }])
    expect(textOf(messageId)).toMatchObject({ text: '', revoked: 1 })
    expect(() => edit(messageId, 'again')).toThrowError(
      expect.objectContaining({ code: 'message_not_found' }),
    )
  })

  it('is never sent where it is not out', async () => {
    desk.setReady(false)
    const { messageId } = await desk.conversations.sending.send(
      { to: ALICE, text: 'hello', queue: true },
      OWNER,
    )
    expect(revoke(messageId)).toMatchObject({ messageId, state: 'discarded' })
    desk.setReady(true)
    await desk.settle()
    expect(desk.transport.log).toEqual([expect.objectContaining({ what: 'find' })])
  })

  it('is no other message, and not in the chat of somebody who may not be written to any more', async () => {
    expect(() => revoke('nothing')).toThrowError(expect.objectContaining({ code: 'message_not_found' }))
    const messageId = await sent()
    desk.allow(BOB)
    expect(() => revoke(messageId)).toThrowError(expect.objectContaining({ code: 'recipient_not_allowed' }))
  })

  it('stays where the transport cannot delete anything', async () => {
    desk = new Desk({}, undefined, null, CAPABILITIES.server)
    desk.conversations.start()
    const messageId = await sent()
    expect(() => revoke(messageId)).toThrowError(
      expect.objectContaining({ details: { reason: 'not_supported' } }),
    )
  })
})

describe('a reaction', () => {
  const react = (messageId: string, emoji: string, conversation = ALICE, clientMessageId?: string) =>
    desk.conversations.changes.react({ conversation, messageId, emoji, clientMessageId }, OWNER)

  it('goes to a message of theirs and of ours, by its name too, and is taken back', async () => {
    const { id } = desk.receive(ALICE, 'hello')
    await desk.until(() => desk.named('message.sent').length === 1)
    const own = await sent()
    react(id, 'thumbs_up')
    react(own, '🎉')
    react(id, '')
    await desk.until(() => desk.transport.reactions.length === 3)
    expect(desk.transport.reactions.map(({ reaction: { emoji, target } }) => [emoji, target.id])).toEqual([
      ['👍', id],
      ['🎉', own],
      ['', id],
    ])
  })

  it('goes to what the owner typed on the phone, and to what is of a kind that is not known', async () => {
    const typed = desk.receive(OWN, 'on the phone', { chat: direct(`${ALICE.slice(1)}@s.whatsapp.net`) })
    const unknown = desk.receive(ALICE, '', { content: { kind: 'unsupported', what: 'poll' } })
    react(typed.id, '🎉')
    react(unknown.id, '👍')
    await desk.until(() => desk.transport.reactions.length === 2)
    expect(desk.transport.reactions.map(({ reaction: { target } }) => target)).toMatchObject([
      { id: typed.id, sender: null, isOurs: true },
      { id: unknown.id, sender: unknown.sender.address },
    ])
    await desk.conversations.sending.send({ to: ALICE, text: 'as I said', quote: typed.id }, OWNER)
    await desk.until(() => desk.transport.sent.some(({ text }) => text === 'as I said'))
    expect(desk.transport.sent.at(-1)?.quote?.message).toMatchObject({ id: typed.id, isOurs: true })
  })

  it('goes once for one request, and to no message of another conversation', async () => {
    const { id } = desk.receive(ALICE, 'hello')
    await desk.until(() => desk.named('message.sent').length === 1)
    expect(react(id, '🎉', ALICE, 'r').messageId).toBe(react(id, '🎉', ALICE, 'r').messageId)
    desk.receive(BOB, 'hello')
    await desk.until(() => desk.named('message.sent').length === 3)
    expect(() => react(id, '🎉', BOB)).toThrowError(expect.objectContaining({ code: 'message_not_found' }))
    expect(() => react(id, 'no emoji')).toThrowError(expect.objectContaining({ code: 'invalid_params' }))
  })
})
