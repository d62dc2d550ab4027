import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { AgentServer } from '../support/agent-server.ts'
import { ALICE, OWNER, Stack } from '../support/stack.ts'

let server: AgentServer
let stack: Stack

beforeEach(async () => {
  // Baileys' own libsignal prints the sessions that it replaces.
  for (const method of ['info', 'warn'] as const) vi.spyOn(console, method).mockReturnValue()
  server = await AgentServer.start()
  stack = await Stack.start({ channel: { agents: server.agents('ada') } })
})
afterEach(async () => {
  vi.restoreAllMocks()
  await stack.stop()
  await server.stop()
})

it('who asks and gets no word on purpose is shown as waiting, until the owner answers from the phone', async () => {
  // A program that reads the question and says nothing.
  const silent = { connector: 'command', program: process.execPath, args: ['-e', 'process.stdin.resume()'] }
  stack.writeConfig([ALICE], { agents: { silent }, defaultAgent: 'silent' })
  await stack.untilEvent('config.applied')
  await stack.link()
  await stack.alice.sendText(OWNER, 'may I speak to a person?')
  const waits = () => stack.account().handedOver ?? []
  await stack.until('the hand-over', () => waits().length === 1)
  expect(waits()).toMatchObject([{ conversation: ALICE, name: 'Alice' }])
  expect(stack.published('account.status').at(-1)?.handedOver).toHaveLength(1)
  await stack.stopDaemon()
  await stack.startDaemon()
  await stack.untilState('connected')
  expect(waits()).toHaveLength(1)
  await stack.owner.sendText(ALICE, 'here I am')
  await stack.until('the end of it', () => waits().length === 0)
  expect(stack.alice.received.map(({ text }) => text)).toEqual(['here I am'])
})

it('a group is called by its name of today, in what the assistant is told and in events', async () => {
  const family = stack.simulator.createGroup({ subject: 'Family', members: [stack.alice, stack.owner] })
  await stack.link()
  server.answer = 'noted'
  const ask = async (text: string): Promise<string> => {
    const { length } = server.asked
    await stack.alice.sendGroupText(family, text, { mention: OWNER })
    await stack.until('the answer', () => stack.published('message.sent').length > length)
    return server.asked.at(-1)?.facts ?? ''
  }
  expect(await ask('one')).toContain('"Family"')
  family.rename('Friends\nand "others"')
  await expect
    .poll(async () => {
      const facts = await ask('two')
      return facts.includes('Friends and')
    })
    .toBe(true)
  expect(stack.published('message.sent').at(-1)).toMatchObject({
    conversation: family.jid,
    conversationName: 'Friends and "others"',
  })
})
