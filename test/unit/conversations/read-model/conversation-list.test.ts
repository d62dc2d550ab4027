import { expect, it, vi } from 'vitest'
import { identity } from '../../../support/identity.ts'
import { ALICE, BOB, Desk, direct, group, OWN, STRANGER } from '../desk.ts'
import type { ConversationView } from '../../../../src/protocol/conversations/conversation-view.ts'
import { DaemonError } from '../../../../src/protocol/errors.ts'

const PAGE = { limit: 50, filter: 'all' } as const

function started(desk: Desk): Desk {
  desk.conversations.start()
  return desk
}

function names(views: readonly ConversationView[]): string[] {
  return views.map(({ conversation }) => conversation)
}

async function answered(desk: Desk, from: string, text: string): Promise<void> {
  const count = desk.named('message.sent').length
  desk.receive(from, text)
  await desk.until(() => desk.named('message.sent').length > count)
}

it('lists what was said last first, with its last message, and what nobody has read', async () => {
  const desk = started(new Desk())
  desk.allow(ALICE, BOB)
  await answered(desk, ALICE, 'hello')
  await answered(desk, BOB, 'and I')
  const { conversations, cursor } = desk.conversations.admin.list(PAGE)
  expect(cursor).toBeNull()
  expect(conversations).toMatchObject([
    { conversation: BOB, phoneNumber: BOB, kind: 'direct', name: 'Somebody', unread: 1, isAllowed: true },
    { conversation: ALICE, unread: 1, lastMessage: { from: 'assistant', state: 'sent', kind: 'message' } },
  ])
})

// A hundred conversations took six hundred queries: 57 ms.
it('reads a long page by as many queries as a short one', () => {
  const desk = started(new Desk())
  const people = Array.from({ length: 40 }, (_, index) => `+155500020${10 + index}`)
  desk.allow(...people)
  for (const person of people) desk.receive(person, `I am ${person}`)
  const prepare = vi.spyOn(desk.database, 'prepare')
  const queriesOf = (limit: number): number => {
    prepare.mockClear()
    const { conversations } = desk.conversations.admin.list({ filter: 'all', limit })
    expect(conversations.map(({ lastMessage }) => lastMessage?.text)).toEqual(
      conversations.map(({ conversation }) => `I am ${conversation}`),
    )
    return prepare.mock.calls.length
  }
  expect(queriesOf(40)).toBe(queriesOf(2))
})

it('shows the last message that was not discarded', async () => {
  const desk = started(new Desk())
  desk.setReady(false)
  desk.receive(ALICE, 'hello')
  await desk.until(() => desk.named('message.queued').length === 1)
  const { messageId } = desk.conversations.admin.get(ALICE).lastMessage ?? {}
  expect(desk.conversations.admin.get(ALICE).lastMessage).toMatchObject({
    from: 'assistant',
    state: 'queued',
  })
  desk.conversations.outbox.discard(messageId ?? '')
  expect(desk.conversations.admin.get(ALICE).lastMessage).toMatchObject({ from: 'person', text: 'hello' })
})

it('shows nobody who was never allowed', () => {
  const desk = started(new Desk())
  desk.receive(STRANGER, 'let me in')
  expect(desk.conversations.admin.list(PAGE).conversations).toEqual([])
  expect(() => desk.conversations.admin.get(STRANGER)).toThrow(DaemonError)
})

it('finds a conversation by its id, by a number and by a LID', () => {
  const desk = started(new Desk())
  desk.receive(ALICE, 'hello')
  const { conversationId } = desk.conversations.admin.get(ALICE)
  expect(desk.conversations.admin.get(conversationId).conversation).toBe(ALICE)
  expect(() => desk.conversations.admin.get('9999')).toThrow('There is no such conversation.')
})

it('walks through the pages with each conversation once, though they move up and new ones begin', () => {
  const desk = started(new Desk())
  const people = Array.from({ length: 9 }, (_, index) => `+1555000200${index}`)
  desk.allow(...people, ALICE)
  for (const person of people) desk.receive(person, 'hello')
  const all = names(desk.conversations.admin.list(PAGE).conversations)
  const seen: string[] = []
  let cursor: string | undefined
  for (let page = 0; page < 20; page += 1) {
    const answer = desk.conversations.admin.list({ filter: 'all', limit: 2, ...(cursor && { cursor }) })
    seen.push(...names(answer.conversations))
    // The last one of the list, the one that was shown first, and somebody new write.
    for (const person of [people[0], people[8], ALICE]) desk.receive(person ?? '', 'again')
    if (answer.cursor === null) break
    cursor = answer.cursor
  }
  expect(seen).toEqual(all)
})

it('goes on behind the last one where the walk is forgotten', async () => {
  const desk = started(new Desk())
  const people = Array.from({ length: 5 }, (_, index) => `+1555000200${index}`)
  desk.allow(...people)
  for (const person of people) desk.receive(person, 'hello')
  const first = desk.conversations.admin.list({ filter: 'all', limit: 2 })
  await desk.restart()
  const rest = desk.conversations.admin.list({ filter: 'all', limit: 50, cursor: first.cursor ?? '' })
  expect(names([...first.conversations, ...rest.conversations]).toSorted()).toEqual(people.toSorted())
})

it('refuses a cursor of something else', () => {
  const desk = started(new Desk())
  expect(() => desk.conversations.admin.list({ ...PAGE, cursor: 'nonsense' })).toThrow('no cursor')
})

it('does not count what the owner writes, notes down, or has deleted as unread', () => {
  const desk = started(new Desk())
  const { id } = desk.receive(ALICE, 'a question')
  desk.receive(ALICE, 'and another one')
  expect(desk.conversations.admin.get(ALICE).unread).toBe(2)
  desk.receive(ALICE, '', { content: { kind: 'reaction', emoji: '👍', targetId: id } })
  desk.receive(ALICE, '', { content: { kind: 'revoke', targetId: id } })
  expect(desk.conversations.admin.get(ALICE).unread).toBe(1)
  desk.receive(OWN, 'I answer myself', { chat: direct(`${ALICE.slice(1)}@s.whatsapp.net`) })
  expect(desk.conversations.admin.get(ALICE)).toMatchObject({ unread: 0, lastMessage: { from: 'owner' } })
})

it('says once that a conversation changed, however much happened in it', async () => {
  const desk = started(new Desk())
  await answered(desk, ALICE, 'hello')
  await desk.until(() => desk.named('conversation.updated').length > 0)
  await desk.settle()
  expect(desk.named('conversation.updated')).toMatchObject([
    { conversation: ALICE, conversationId: desk.conversations.admin.get(ALICE).conversationId },
  ])
  expect(desk.named('message.received')).toMatchObject([{ conversationId: expect.any(String) }])
})

it('calls a group by its title and says whether it is listened to', () => {
  const desk = started(new Desk())
  const chat = group('123-456@g.us')
  desk.receive(ALICE, 'hello all', { chat, mentionsUs: true })
  expect(desk.conversations.admin.list(PAGE).conversations).toMatchObject([
    { kind: 'group', conversation: '123-456@g.us', phoneNumber: null, name: null },
  ])
  desk.conversations.groupNamed('123-456@g.us', 'The family')
  expect(desk.conversations.admin.get('123-456@g.us').name).toBe('The family')
})

it('finds conversations by name, number and contact fields, page by page, whatever page they are on', async () => {
  const desk = started(new Desk())
  const people = Array.from({ length: 130 }, (_, index) => `+155500020${100 + index}`)
  desk.allow(...people, ALICE, BOB)
  const called = (displayName: string, number: string) =>
    identity(`${number.slice(1)}@s.whatsapp.net`, number, { displayName })
  for (const person of people) desk.receive(person, 'hello', { sender: called('Zoë Müller', person) })
  desk.receive(ALICE, 'hello', { sender: called('Alice', ALICE) })
  const found = async (text: string, query: object = PAGE): Promise<string[]> => {
    const { conversations } = await desk.conversations.admin.listNamed({ ...PAGE, ...query }, text)
    return names(conversations)
  }
  desk.conversations.people.setContact(people[7] ?? '', { company: 'Acme Ltd' }, 'owner')
  expect(await found('ali')).toEqual([ALICE])
  expect(await found('zoe acme')).toEqual([people[7]])
  expect(await found('+1 555 000-20 107')).toEqual([people[7]])
  expect(await found('nobody')).toEqual([])
  expect(await found(' ')).toEqual([])
  const seen: string[] = []
  let cursor: string | undefined
  do {
    const page = await desk.conversations.admin.listNamed({ ...PAGE, ...(cursor && { cursor }) }, 'muller')
    seen.push(...names(page.conversations))
    desk.receive(people[0] ?? '', 'again')
    cursor = page.cursor ?? undefined
  } while (cursor !== undefined)
  expect(seen).toEqual(people.toReversed())
})
