import { expect, test } from 'vitest'
import { OpenThread } from '../../../../../src/web/conversations/state/open-thread.ts'
import { message } from '../conversation-fixture.ts'
import { ScriptedRequests } from '../scripted-requests.ts'

/** A conversation of `count` messages, in pages of 50, whose cursors are numbers of messages. */
function start(count: number) {
  const requests = new ScriptedRequests()
  const all = Array.from({ length: count }, (_, index) => message(`m${index}`, index))
  requests.answers['conversations.messages'] = ({ before, after, around, limit }) => {
    const size = Number(limit)
    const end = before === undefined ? all.length : Number(before)
    const middle = all.findIndex(({ messageId }) => messageId === around) - size / 2
    const from = around === undefined ? (after === undefined ? end - size : Number(after)) : middle
    const first = Math.max(0, from)
    const last = Math.min(all.length, first + size)
    return {
      messages: all.slice(first, last),
      before: first > 0 ? String(first) : null,
      after: last < all.length ? String(last) : null,
    }
  }
  const deps = { client: requests.client, account: 'default', conversation: '1', changed: () => {} }
  const thread = new OpenThread(deps)
  return { requests, thread, all, ids: () => thread.messages.map(({ messageId }) => messageId) }
}

test('it opens at the end, and goes back to the beginning once for each page', async () => {
  const { thread, ids, requests } = start(120)
  await thread.load()
  expect([ids()[0], ids().at(-1), thread.isLive, thread.hasOlder]).toEqual(['m70', 'm119', true, true])
  await Promise.all([thread.loadOlder(), thread.loadOlder()])
  await thread.loadOlder()
  expect([ids()[0], thread.hasOlder]).toEqual(['m0', false])
  await thread.loadOlder()
  expect(requests.asked).toHaveLength(3)
})

test('it opens at a message that was found, and leads on to the end', async () => {
  const { thread, ids } = start(400)
  await thread.load('m100')
  expect([ids().includes('m100'), thread.isLive]).toEqual([true, false])
  thread.put(message('new', 1_000))
  expect(ids()).not.toContain('new')
  while (!thread.isLive) await thread.loadNewer()
  expect(ids().at(-1)).toBe('m399')
})

test('what a slow answer brings to a thread that was loaded anew is not used', async () => {
  const { thread, ids, requests, all } = start(120)
  await thread.load()
  let answer = (): void => {}
  const works = requests.answers['conversations.messages']
  requests.answers['conversations.messages'] = () =>
    new Promise(
      (resolve) => (answer = () => resolve({ messages: [message('late', 1)], before: null, after: null })),
    )
  const slow = thread.loadOlder()
  if (works !== undefined) requests.answers['conversations.messages'] = works
  await thread.load()
  answer()
  await slow
  expect(ids()).toEqual(all.slice(70).map(({ messageId }) => messageId))
})

test('many changes while it is loaded lead to one more answer', async () => {
  const { thread, requests } = start(10)
  await Promise.all([thread.load(), ...Array.from({ length: 20 }, () => thread.refresh())])
  await expect.poll(() => thread.loading).toBeNull()
  expect(requests.asked.length).toBeLessThanOrEqual(3)
})

test('after a failure the person asks again; scrolling does not', async () => {
  const { thread, requests } = start(120)
  await thread.load()
  const works = requests.answers['conversations.messages']
  delete requests.answers['conversations.messages']
  await thread.loadOlder()
  expect(thread.error?.code).toBe('daemon_offline')
  if (works !== undefined) requests.answers['conversations.messages'] = works
  await thread.loadOlder()
  expect(requests.asked).toHaveLength(2)
  await thread.load()
  expect(thread.error).toBeNull()
})

test('all words of a long message are read piece by piece, and anew where it was edited', async () => {
  const { thread, requests } = start(3)
  await thread.load()
  requests.answers['conversations.text'] = ({ offset }) =>
    offset === 0 ? { text: 'the first ', next: 10 } : { text: 'and the rest', next: null }
  const cut = { ...message('m1', 1), isCut: true as const }
  expect(thread.wholeText(cut)).toBeNull()
  await thread.readWhole(cut)
  expect(thread.wholeText(cut)).toBe('the first and the rest')
  expect(thread.wholeText({ ...cut, editedAt: '2026-01-02T03:04:05.000Z' })).toBeNull()
})
