import { expect, it } from 'vitest'
import { ALICE, BOB, Desk, direct, group, OWN, STRANGER, textContent } from '../desk.ts'
import { textParts } from '../../../../src/messaging/content.ts'
import type { MessageView } from '../../../../src/protocol/conversations/message-view.ts'

function started(...allowed: string[]): Desk {
  const desk = new Desk()
  desk.conversations.start()
  if (allowed.length > 0) desk.allow(...allowed)
  return desk
}

async function answered(desk: Desk, from: string, text: string): Promise<string> {
  const count = desk.named('message.sent').length
  const { id } = desk.receive(from, text)
  await desk.until(() => desk.named('message.sent').length > count)
  return id
}

function messagesOf(desk: Desk, named = ALICE): MessageView[] {
  return desk.conversations.admin.messages(named, { limit: 50 }).messages
}

it('shows what a person, the assistant and the owner said, in their order, and what became of it', async () => {
  const desk = started()
  const id = await answered(desk, ALICE, 'hello')
  desk.receive(OWN, 'by hand', { chat: direct(`${ALICE.slice(1)}@s.whatsapp.net`) })
  expect(messagesOf(desk)).toMatchObject([
    {
      messageId: id,
      from: 'person',
      sender: { name: 'Somebody', phoneNumber: ALICE },
      text: 'hello',
      kind: 'message',
      state: 'received',
      answered: 'answered',
    },
    { from: 'assistant', sender: null, text: 'hello', state: 'sent', answered: null, failure: null },
    { from: 'owner', sender: null, text: 'by hand', state: 'received', answered: null },
  ])
  expect(desk.named('message.written')).toHaveLength(1)
})

it('shows edits, deletions, quotes and the last reaction of each person', async () => {
  const desk = started()
  const id = await answered(desk, ALICE, 'helo')
  desk.receive(ALICE, '', { content: { kind: 'edit', parts: textParts('hello'), targetId: id } })
  const reply = messagesOf(desk)[1]?.messageId ?? ''
  for (const emoji of ['👍', '❤️'])
    desk.receive(ALICE, '', { content: { kind: 'reaction', emoji, targetId: reply } })
  desk.receive(ALICE, 'about that', {
    content: textContent('about that', { id: reply, text: 'helo', author: OWN }),
  })
  const { id: gone } = desk.receive(ALICE, 'a slip')
  desk.receive(ALICE, '', { content: { kind: 'revoke', targetId: gone } })
  const [first, second, third, fourth] = messagesOf(desk)
  expect(first).toMatchObject({ text: 'hello', editedAt: expect.any(String) })
  expect(second?.reactions).toEqual([{ emoji: '❤️', from: 'person', sender: ALICE }])
  expect(third?.quote).toEqual({ messageId: reply, from: 'assistant', text: 'helo' })
  expect(fourth).toMatchObject({ text: '', isRevoked: true, editedAt: null })
  expect(desk.named('message.updated').at(-1)).toMatchObject({ messageId: reply })
})

it("tells of the assistant's own reaction, and that it was taken back", async () => {
  const desk = new Desk({
    ackReaction: { emoji: '👀', direct: true, group: 'never', removeAfterReply: true },
  })
  desk.conversations.start()
  const id = await answered(desk, ALICE, 'hello')
  const updates = (): number =>
    desk.named('message.updated').filter(({ messageId }) => messageId === id).length
  await desk.until(() => updates() === 2)
  expect(messagesOf(desk)[0]?.reactions).toEqual([])
  const by = { author: 'owner', by: 'api', mayForce: false } as const
  desk.conversations.changes.react({ conversation: ALICE, messageId: id, emoji: '👍', queue: true }, by)
  await desk.until(() => updates() === 3)
  expect(messagesOf(desk)[0]?.reactions).toEqual([{ emoji: '👍', from: 'owner', sender: null }])
})

// It was in the view until the answer was out, and stayed on WhatsApp.
it('goes on showing a reaction that is not taken back', async () => {
  const desk = new Desk({
    ackReaction: { emoji: '👀', direct: true, group: 'never', removeAfterReply: false },
  })
  desk.conversations.start()
  await answered(desk, ALICE, 'hello')
  await desk.settle()
  expect(messagesOf(desk)[0]?.reactions).toEqual([{ emoji: '👀', from: 'assistant', sender: null }])
})

it('calls the sender of a direct chat as the conversation is called', async () => {
  const desk = started()
  await answered(desk, ALICE, 'hello')
  desk.conversations.people.setContact(ALICE, { name: 'Alice of Acme' }, 'owner')
  expect(desk.conversations.admin.get(ALICE).name).toBe('Alice of Acme')
  expect(messagesOf(desk)[0]?.sender).toEqual({ name: 'Alice of Acme', phoneNumber: ALICE })
})

it('shows what people wrote in printable lines, wherever it is shown', async () => {
  const desk = started()
  const odd = 'pay\u202E\u0007\nme\u200B'
  const id = await answered(desk, ALICE, odd)
  desk.receive(ALICE, 'that', { content: textContent('that', { id, text: odd, author: ALICE }) })
  desk.receive(ALICE, '', { content: { kind: 'reaction', emoji: '👍\u202E', targetId: id } })
  desk.database
    .prepare('UPDATE inbox SET transcript = ?1, details = ?2 WHERE message_id = ?3')
    .run(
      odd,
      JSON.stringify([{ type: 'contact', name: odd, phoneNumbers: [], emails: [], organisation: null }]),
      id,
    )
  const { admin } = desk.conversations
  const [first, , third] = messagesOf(desk)
  expect(first).toMatchObject({ text: 'pay\nme', transcript: 'pay\nme', details: [{ name: 'pay\nme' }] })
  expect(first?.reactions[0]?.emoji).toBe('👍')
  expect(third?.quote?.text).toContain('pay\nme')
  expect(admin.text(ALICE, id, 0).text).toBe('pay\nme')
  const { hits } = await admin.search({ text: 'pay', limit: 10 })
  expect(hits.map(({ snippet }) => snippet.map(({ text }) => text).join(''))).toContain('pay\nme\npay\nme')
})

it('pages backwards and forwards through everything once', async () => {
  const desk = started()
  for (const text of ['one', 'two', 'three', 'four']) await answered(desk, ALICE, text)
  const { admin } = desk.conversations
  const all = messagesOf(desk).map(({ text, from }) => `${from} ${text}`)
  const backwards: string[] = []
  let before: string | undefined
  do {
    const page = admin.messages(ALICE, { limit: 3, ...(before !== undefined && { before }) })
    backwards.unshift(...page.messages.map(({ text, from }) => `${from} ${text}`))
    before = page.before ?? undefined
  } while (before !== undefined)
  expect(backwards).toEqual(all)
  const newest = admin.messages(ALICE, { limit: 7 })
  const forwards = newest.messages.slice(0, 1).map(({ text, from }) => `${from} ${text}`)
  let after: string | undefined = admin.messages(ALICE, { limit: 1, before: newest.before ?? '' }).after ?? ''
  forwards.unshift(all[0] ?? '')
  forwards.pop()
  while (after !== undefined) {
    const page = admin.messages(ALICE, { limit: 3, after })
    forwards.push(...page.messages.map(({ text, from }) => `${from} ${text}`))
    after = page.after ?? undefined
  }
  expect(forwards).toEqual(all)
})

it('has no page that a frame cannot hold, and loses nothing for it', () => {
  const desk = started()
  const long = 'é'.repeat(20_000)
  for (let index = 0; index < 40; index += 1) desk.receive(ALICE, `${index} ${long}`)
  const { admin } = desk.conversations
  const texts: string[] = []
  let before: string | undefined
  do {
    const page = admin.messages(ALICE, { limit: 100, ...(before !== undefined && { before }) })
    expect(Buffer.byteLength(JSON.stringify(page))).toBeLessThan(256 * 1_024)
    for (const { text, isCut } of page.messages) {
      expect(text.length).toBeLessThanOrEqual(8_000)
      expect(isCut).toBe(true)
    }
    texts.unshift(...page.messages.map(({ text }) => text.split(' ')[0] ?? ''))
    before = page.before ?? undefined
  } while (before !== undefined)
  expect(texts).toEqual(Array.from({ length: 40 }, (_, index) => String(index)))
})

it('shows a failed reply with why, and a discarded one without its words', async () => {
  const desk = started()
  desk.transport.answer = () => ({ outcome: 'refused', code: 'refused', message: 'Not for now.' })
  desk.receive(ALICE, 'hello')
  await desk.until(() => desk.named('message.failed').length > 0)
  const failed = messagesOf(desk)[1]
  expect(failed).toMatchObject({ state: 'failed', failure: { code: 'refused', message: 'Not for now.' } })
  desk.conversations.outbox.discard(failed?.messageId ?? '')
  expect(messagesOf(desk)[1]).toMatchObject({ state: 'discarded', text: '', isRevoked: false })
  expect(desk.conversations.admin.get(ALICE).lastMessage).toMatchObject({ from: 'person' })
})

it('repeats no words of somebody who may not write, whoever quotes them', () => {
  const desk = started(ALICE, BOB)
  const chat = group('1-2@g.us')
  const quoted = { id: 'FOREIGN', text: 'a secret', author: STRANGER }
  desk.receive(ALICE, 'look', { chat, mentionsUs: true, content: textContent('look', quoted) })
  const [message] = messagesOf(desk, '1-2@g.us')
  expect(message?.quote).toEqual({ messageId: null, from: 'person', text: '' })
})

it('tells people that they are read where a client says so, and where that is wanted', () => {
  const desk = started()
  const first = desk.receive(ALICE, 'one', { content: textContent('one') })
  desk.receive(ALICE, 'two')
  expect(desk.conversations.admin.markRead(ALICE, first.id)).toMatchObject({ unread: 1 })
  const reads = (): string[] =>
    desk.transport.log.filter(({ what }) => what === 'read').map(({ detail }) => detail)
  expect(reads()).toEqual([first.id])
  desk.config = { ...desk.config, sendReadReceipts: false }
  expect(desk.conversations.admin.markRead(ALICE, undefined)).toMatchObject({ unread: 0 })
  expect(reads()).toHaveLength(1)
  expect(() => desk.conversations.admin.markRead(ALICE, 'unknown')).toThrow('no such message')
})

it('counts as read what another device read, also before the message came', () => {
  const desk = started()
  const address = `${ALICE.slice(1)}@s.whatsapp.net`
  const first = desk.receive(ALICE, 'one')
  desk.receive(ALICE, 'two')
  desk.conversations.readByOwner(address, [first.id])
  expect(desk.conversations.admin.get(ALICE).unread).toBe(1)
  const late = desk.message(ALICE, 'three')
  desk.conversations.readByOwner(address, [late.id])
  desk.conversations.received(late)
  expect(desk.conversations.admin.get(ALICE).unread).toBe(0)
})
