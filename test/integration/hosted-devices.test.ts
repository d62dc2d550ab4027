/**
 * A business that also uses the Cloud API has a device that Meta hosts, number 99 in a domain of its own (`hosted.lid`). Baileys
 * rc14 takes every device that stands behind it in the list for a hosted one, too: they would get nothing.
 */
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { child, children } from '../../src/simulator/wire/stanza.ts'
import { ALICE, OWNER, Stack } from '../support/stack.ts'
import { BareBot } from './simulator-bare-bot.ts'

let stack: Stack
const bots: BareBot[] = []

beforeEach(async () => {
  for (const method of ['info', 'warn'] as const) vi.spyOn(console, method).mockReturnValue()
  const simulator = { hasUnkeyedDevices: false, habits: { sharesState: false } }
  stack = await Stack.start({ allowFrom: [ALICE], simulator })
  await stack.link()
})
afterEach(async () => {
  vi.restoreAllMocks()
  for (const bot of bots.splice(0)) await bot.stop()
  await stack.stop()
})

const linkAlicesComputer = async (): Promise<BareBot> => {
  const bot = new BareBot(stack.simulator)
  bots.push(bot)
  await bot.linkTo(ALICE)
  return bot
}
const hasText = (bot: BareBot, text: string): Promise<unknown> =>
  bot.waitForMessage(({ key, message }) => !key.fromMe && message?.conversation === text)
const ask = async (text: string): Promise<void> => {
  await stack.alice.sendText(OWNER, text)
  await stack.alice.waitForText(text)
}

it('answers on the phone, on the hosted device, and on those that stand behind it in the list', async () => {
  const computer = await linkAlicesComputer()
  const hosted = stack.alice.hostDevice()
  await ask('hello')
  const copy = await hosted.inbox.received.waitFor(
    ({ text, from }) => text === 'hello' && from === OWNER,
    'copy',
  )
  expect(copy).toMatchObject({ from: OWNER, mode: 'lid' })
  await hasText(computer, 'hello')
  expect(hosted.inbox.undecryptable.items).toEqual([])
})

it('does without a hosted device whose keys are refused', async () => {
  const computer = await linkAlicesComputer()
  const hosted = stack.alice.hostDevice()
  hosted.keys = '406'
  await ask('hello')
  await hasText(computer, 'hello')
})

it('knows who writes by a hosted device, and answers in the same conversation', async () => {
  const hosted = stack.alice.hostDevice()
  await ask('from the phone')
  await hosted.sendText(stack.owner.account, 'from a program')
  await stack.alice.waitForText('from a program')
  const chats = stack.published('message.received').map(({ conversation }) => conversation)
  expect(chats).toEqual([ALICE, ALICE])
})

it('gives no hosted device the keys of a group', async () => {
  const hosted = stack.alice.hostDevice()
  const group = stack.simulator.createGroup({
    subject: 'Family',
    members: [stack.alice, stack.owner, stack.mallory],
  })
  const keyed: string[] = []
  stack.simulator.onTrace(({ direction, node }) => {
    if (direction !== 'in' || node.tag !== 'message' || node.attrs.to !== group.jid) return
    for (const { attrs } of children(child(node, 'participants'), 'to')) keyed.push(attrs.jid ?? '')
  })
  stack.writeConfig([ALICE], { groupPolicy: 'allowlist', groups: { [group.jid]: {} } })
  await stack.untilEvent('config.applied')
  const { text } = await stack.alice.sendGroupText(group, 'hello', { mention: OWNER })
  await stack.alice.waitForText((each) => each.text === text && each.from === OWNER)
  expect(keyed.length).toBeGreaterThan(0)
  expect(keyed.filter((jid) => jid.includes('hosted'))).toEqual([])
  expect(hosted.inbox.undecryptable.items).toEqual([])
})
