import { afterAll, beforeAll, expect, it } from 'vitest'
import { BusinessDaemon } from '../support/business-daemon.ts'
import { ALICE } from '../support/stack.ts'

// The main job of a Business account, over the whole way.
let stack: BusinessDaemon
beforeAll(async () => {
  stack = await BusinessDaemon.start({ channel: { sendReadReceipts: true } })
})
afterAll(() => stack.stop())

it('answers who is allowed once, follows the statuses, and gives a stranger no sign of life', async () => {
  const { alice, mallory, number, platform } = stack
  mallory.write(number, 'anybody there?')
  const { id: question } = alice.write(number, 'Grüße, is anybody there?')
  const answer = await stack.untilSeen(alice, 'Grüße, is anybody there?')
  expect(alice.seen(number).readIds).toContain(question)

  await stack.untilEvent('message.delivered', ({ messageId }) => messageId !== undefined)
  alice.read(number)
  const { messageId } = await stack.untilEvent('message.read')
  const client = await stack.client()
  const message = await client.request('messages.get', { account: 'default', messageId })
  expect(message.state).toBe('read')
  client.close()

  await platform.settled()
  expect(alice.seen(number).texts).toEqual([{ id: answer, text: 'Grüße, is anybody there?', quotedId: null }])
  expect(mallory.seen(number)).toMatchObject({ texts: [], reactions: [], readIds: [], isTyping: false })
  expect(platform.calls.items.filter(({ status }) => status !== 200)).toEqual([])
})

it('sends what waited for a token as soon as the config has a new one', async () => {
  const { alice, number, platform } = stack
  platform.endToken(number, 'revoked')
  alice.write(number, 'and now?')
  await stack.untilState('logged_out')
  platform.renewToken(number)
  stack.writeConfig([ALICE])
  await stack.untilSeen(alice, 'and now?')
})
