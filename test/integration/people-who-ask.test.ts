import { afterEach, expect, it } from 'vitest'
import { ALICE, MALLORY, OWNER, Stack } from '../support/stack.ts'

// A file with `dmPolicy: "pairing"` and no numbers, as a quick start has it, was refused a link, and nobody could ask for access.

let stack: Stack
afterEach(() => stack.stop())

const CODE = /[A-Z2-9]{4}-[A-Z2-9]{4}/

it('an empty list may be linked under pairing, and whoever asks is let in by their code', async () => {
  stack = await Stack.start({ allowFrom: [], channel: { dmPolicy: 'pairing' } })
  expect(stack.account().state).toBe('unlinked')
  await stack.link()
  const client = await stack.client()
  await stack.mallory.sendText(OWNER, 'secret words of a stranger')
  await stack.untilEvent('message.sent')
  const invited = await stack.until('the code', () =>
    stack.mallory.received.find(({ text }) => CODE.test(text)),
  )
  const [code = ''] = CODE.exec(invited.text) ?? []
  const { requests } = await client.request('pairing.list', {})
  expect(requests).toMatchObject([{ code, phoneNumber: MALLORY, name: 'Mallory' }])
  expect(await client.request('pairing.approve', { code })).toEqual({ phoneNumber: MALLORY, id: null })
  expect(stack.readConfig()).toContain(MALLORY)
  await stack.mallory.waitForText('You can write to this assistant now.')
  await stack.mallory.sendText(OWNER, 'thanks')
  await stack.mallory.waitForText('thanks')
  expect(JSON.stringify(stack.events)).not.toMatch(new RegExp(`${code}|secret words`))
  expect(stack.mallory.received).toHaveLength(3)
  client.close()
})

it('under observe an allowed person is heard and sees nothing, not even that it was read', async () => {
  stack = await Stack.start({ channel: { dmPolicy: 'observe', ackReaction: { emoji: 'eyes' } } })
  await stack.link()
  await stack.alice.sendText(OWNER, 'do you hear me?')
  await stack.untilEvent('message.received', ({ phoneNumber }) => phoneNumber === ALICE)
  await stack.mallory.sendText(OWNER, 'and me?')
  await stack.untilEvent('message.blocked', ({ phoneNumber }) => phoneNumber === MALLORY)
  stack.writeConfig([ALICE], { dmPolicy: 'allowlist', ackReaction: { emoji: '' } })
  await stack.untilEvent('config.applied')
  await stack.alice.sendText(OWNER, 'and now?')
  await stack.alice.waitForText('and now?')
  expect(stack.alice.received.map(({ text }) => text)).toEqual(['and now?'])
  expect(stack.shownTo(MALLORY)).toEqual([])
})

it('the chat with oneself is read, stored and answered only where the file says so', async () => {
  stack = await Stack.start({ allowFrom: [ALICE] })
  await stack.link()
  await stack.owner.sendText(OWNER, 'a note of mine')
  await stack.alice.sendText(OWNER, 'hello')
  await stack.alice.waitForText('hello')
  expect(stack.published('message.received')).toHaveLength(1)
  expect(stack.owner.received.filter(({ text }) => text.includes('note'))).toEqual([])
  stack.writeConfig([ALICE], { selfChatMode: true })
  await stack.untilEvent('config.applied')
  await stack.owner.sendText(OWNER, 'a question of mine')
  await stack.untilEvent('message.sent', ({ conversation }) => conversation === OWNER)
})
