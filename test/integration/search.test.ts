import { afterEach, expect, it } from 'vitest'
import { ALICE, OWNER, Stack } from '../support/stack.ts'

let stack: Stack
afterEach(() => stack.stop())

it('finds at once what was said on both sides, until it is deleted', async () => {
  stack = await Stack.start()
  await stack.link()
  const sent = await stack.alice.sendText(OWNER, '我们明天的会议改期了')
  const { id } = sent
  await stack.alice.waitForText('我们明天的会议改期了')
  const client = await stack.client()
  const found = await client.request('conversations.search', { text: '会议', conversation: ALICE })
  expect(found).toMatchObject({ cursor: null, indexing: false })
  expect(
    found.hits.map(({ from, conversation, messageId }) => [from, conversation, messageId === id]),
  ).toEqual([
    ['assistant', ALICE, false],
    ['person', ALICE, true],
  ])
  expect(found.hits[1]?.snippet).toEqual([
    { text: '我们明天的', isHit: false },
    { text: '会议', isHit: true },
    { text: '改期了', isHit: false },
  ])
  const first = await client.request('conversations.search', { text: '会议', limit: 1 })
  const second = await client.request('conversations.search', {
    text: '会议',
    limit: 1,
    cursor: first.cursor ?? '',
  })
  expect(second.hits.map(({ messageId }) => messageId)).toEqual([id])
  await expect(client.request('conversations.search', { text: '会议', cursor: 'x' })).rejects.toMatchObject({
    code: 'invalid_params',
  })
  await stack.alice.revoke(sent)
  await stack.untilEvent('message.revoked')
  expect((await client.request('conversations.search', { text: '会议' })).hits).toHaveLength(1)
  client.close()
})
