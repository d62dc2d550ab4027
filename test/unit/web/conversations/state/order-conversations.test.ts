import { expect, test } from 'vitest'
import { orderConversations } from '../../../../../src/web/conversations/state/order-conversations.ts'
import { at, conversation } from '../conversation-fixture.ts'

const waiting = (sinceMinute: number) => ({
  assistant: { state: 'waiting' as const, pausedBy: null, since: at(sinceMinute), until: null, reason: null },
})

test('who waits for a person is first, the longest wait before the others; then by time', () => {
  const views = [
    conversation(1, 10),
    conversation(2, 50),
    conversation(3, 5, waiting(9)),
    conversation(4, 60, waiting(4)),
    conversation(5, 30),
  ]
  expect(orderConversations(views, 'all', null).map(({ conversationId }) => conversationId)).toEqual([
    '4',
    '3',
    '2',
    '5',
    '1',
  ])
})

test('a filter shows what it names alone', () => {
  const views = [conversation(1, 1), conversation(2, 2, { unread: 3 }), conversation(3, 3, waiting(1))]
  const ids = (filter: 'unread' | 'waiting') =>
    orderConversations(views, filter, null).map(({ conversationId }) => conversationId)
  expect(ids('unread')).toEqual(['2'])
  expect(ids('waiting')).toEqual(['3'])
})

test('what is older than everything that was loaded is not shown, unless somebody waits there', () => {
  const views = [
    conversation(1, 50),
    conversation(2, 40),
    conversation(3, 10),
    conversation(4, 9, waiting(1)),
  ]
  const rows = orderConversations(views, 'all', at(40))
  expect(rows.map(({ conversationId }) => conversationId)).toEqual(['4', '1', '2'])
})

test('conversations of one moment, and those in which nothing was said, have an order that stays', () => {
  const views = [conversation(9, 1, { lastAt: null }), conversation(1, 1), conversation(10, 1)]
  const order = (given: typeof views) =>
    orderConversations(given, 'all', null).map(({ conversationId }) => conversationId)
  expect(order(views)).toEqual(['10', '1', '9'])
  expect(order(views.toReversed())).toEqual(['10', '1', '9'])
})
