import { expect, test } from 'vitest'
import { RequestError } from '../../../../../src/client/request-error.ts'
import { ConversationList } from '../../../../../src/web/conversations/state/conversation-list.ts'
import type { ConversationView } from '../../../../../src/protocol/conversations/conversation-view.ts'
import { at, conversation } from '../conversation-fixture.ts'
import { ScriptedRequests } from '../scripted-requests.ts'

const WAITING = { state: 'waiting', pausedBy: 'agent', since: at(1), until: null, reason: null } as const

/** A daemon with these conversations, the newest first. */
function start(all: ConversationView[]) {
  const requests = new ScriptedRequests()
  requests.answers['conversations.list'] = ({ filter, cursor, limit }) => {
    const found = all.filter(
      ({ unread, assistant }) =>
        filter === 'all' || (filter === 'unread' ? unread > 0 : assistant.state === 'waiting'),
    )
    const from = Number(cursor ?? 0)
    const to = from + Number(limit)
    return { conversations: found.slice(from, to), cursor: to < found.length ? String(to) : null }
  }
  requests.answers['conversations.get'] = ({ conversation: id }) => {
    const found = all.find(({ conversationId }) => conversationId === id)
    if (found === undefined)
      throw new RequestError('conversation_not_found', 'There is no such conversation.')
    return { conversation: found }
  }
  const beside: string[] = []
  const merges: string[] = []
  const list = new ConversationList({
    client: requests.client,
    account: 'default',
    changed: () => {},
    shown: () => beside,
    merged: (formerId, id) => merges.push(`${formerId} is ${id}`),
  })
  const ids = () => list.rows.map(({ conversationId }) => Number(conversationId))
  return { requests, list, ids, beside, merges }
}
const many = (count: number, facts: (id: number) => Partial<ConversationView> = () => ({})) =>
  Array.from({ length: count }, (_, index) => conversation(index + 1, 10_000 - index, facts(index + 1)))

test('it is loaded page by page to its end, in order, and asks for nothing twice', async () => {
  const { list, ids, requests } = start(many(250))
  await list.reload()
  expect(ids()).toHaveLength(100)
  expect(list.isComplete).toBe(false)
  await Promise.all([list.loadMore(), list.loadMore()])
  expect(ids()).toHaveLength(200)
  await list.loadMore()
  await list.loadMore()
  expect(list.isComplete).toBe(true)
  expect(ids()).toEqual(Array.from({ length: 250 }, (_, index) => index + 1))
  // One for those who wait, and three pages.
  expect(requests.asked).toHaveLength(4)
})

test('who waits is first although many have written since', async () => {
  const { list, ids } = start(many(250, (id) => (id === 240 ? { assistant: WAITING } : {})))
  await list.reload()
  expect(ids().slice(0, 3)).toEqual([240, 1, 2])
})

test('a filter is loaded when it is chosen, and what it brings makes no gap in the whole list', async () => {
  const { list, ids } = start(many(250, (id) => (id === 200 ? { unread: 2 } : {})))
  await list.reload()
  await list.show('unread')
  expect(ids()).toEqual([200])
  await list.show('all')
  expect(ids()).toEqual(Array.from({ length: 100 }, (_, index) => index + 1))
})

test('a conversation that changes moves; one that is gone, or turned out to be another one, is taken out', async () => {
  const { list, ids, requests, merges } = start(many(3))
  await list.reload()
  list.put(conversation(3, 20_000))
  expect(ids()).toEqual([3, 1, 2])
  requests.answers['conversations.get'] = ({ conversation: id }) => {
    if (id === '1') throw new RequestError('conversation_not_found', 'There is no such conversation.')
    return { conversation: conversation(3, 30_000) }
  }
  await list.refresh('1')
  await list.refresh('2')
  expect(ids()).toEqual([3])
  expect(merges).toEqual(['2 is 3'])
})

test('what is shown beside the list stays known when it is read anew, and is asked for', async () => {
  const all = many(250)
  const { list, beside, requests } = start(all)
  await list.reload()
  await list.refresh('240')
  beside.push('240', '245')
  all[239] = conversation(240, 10_000 - 239, { unread: 7 })
  const reloading = list.reload()
  await expect.poll(() => list.isLoading).toBe(false)
  expect(list.get('240')).toBeDefined()
  await reloading
  await expect.poll(() => [list.get('240')?.unread, list.get('245')?.unread]).toEqual([7, 0])
  expect(requests.asked.filter(({ method }) => method === 'conversations.get')).toHaveLength(3)
})

test('what the daemon tells while the list is read anew counts more than the answer', async () => {
  const { list, ids } = start(many(4))
  await list.reload()
  const reloading = list.reload()
  list.put(conversation(4, 20_000))
  list.put(conversation(9, 15_000))
  list.remove('1')
  await reloading
  expect(ids()).toEqual([4, 9, 2, 3])
})

test('what changes in quick succession is asked for once more, not each time', async () => {
  const { list, requests } = start(many(3))
  await list.reload()
  const before = requests.asked.length
  await Promise.all(Array.from({ length: 20 }, () => list.refresh('2')))
  await expect.poll(() => requests.asked.length - before).toBe(2)
})

test('a failed page is told, and the next one that works brings the list on', async () => {
  const { list, ids, requests } = start(many(150))
  await list.reload()
  const works = requests.answers['conversations.list']
  delete requests.answers['conversations.list']
  await list.loadMore()
  expect([list.error?.code, list.isLoading]).toEqual(['daemon_offline', false])
  if (works !== undefined) requests.answers['conversations.list'] = works
  await list.loadMore()
  expect([list.error, ids().length]).toEqual([null, 150])
})

test('a number finds a conversation that was not loaded', async () => {
  const { list, requests } = start(many(3))
  await list.reload()
  requests.answers['conversations.get'] = () => ({ conversation: conversation(900, 1) })
  await list.find('+15550001900')
  expect(list.named('+1 555 000 1900', 5).map(({ conversationId }) => conversationId)).toEqual(['900'])
})

test('a name or a field finds conversations that were not loaded, and an older daemon those that were', async () => {
  const { list, requests } = start(many(250))
  await list.reload()
  const works = requests.answers['conversations.list']
  requests.answers['conversations.list'] = ({ text }) => {
    if (text !== 'acme') throw new RequestError('invalid_params', 'Unrecognized key: "text"')
    return { conversations: [conversation(900, 1, { name: 'Zoë' })], cursor: null }
  }
  expect(list.hasNamed('acme')).toBe(false)
  await list.findNamed('acme ')
  expect(list.named('acme', 5).map(({ conversationId }) => conversationId)).toEqual(['900'])
  expect([list.hasNamed('acme'), list.hasNamed('zoë')]).toEqual([true, false])
  await list.findNamed('zoë')
  expect(list.named('zoë', 5).map(({ conversationId }) => conversationId)).toEqual(['900'])
  if (works !== undefined) requests.answers['conversations.list'] = works
  expect([list.hasNamed('zoë'), list.error]).toEqual([false, null])
})
