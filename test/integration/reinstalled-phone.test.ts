/**
 * Somebody sets WhatsApp up again, on a new phone or after a reset: the same account and LID, other Signal keys. They are who they
 * were: nobody has to allow them again, and no message is lost.
 */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ALICE, OWNER, Stack } from '../support/stack.ts'

let stack: Stack

beforeEach(async () => {
  // Baileys' own libsignal prints the sessions that it replaces.
  for (const method of ['info', 'warn'] as const) vi.spyOn(console, method).mockReturnValue()
  stack = await Stack.start({ allowFrom: [ALICE], simulator: { hasUnkeyedDevices: false } })
  await stack.link()
})
afterEach(async () => {
  vi.restoreAllMocks()
  await stack.stop()
})

const answered = (text: string): Promise<unknown> =>
  stack.alice.waitForText((each) => each.text === text && each.from === OWNER)
const ask = async (text: string): Promise<void> => {
  await stack.alice.sendText(OWNER, text)
  await answered(text)
}

describe.each([
  ['told by WhatsApp', true],
  ['not told', false],
])('%s', (_, tells) => {
  it('answers them in the same conversation', async () => {
    await ask('before')
    await stack.alice.reinstall({ tells })
    await ask('after')
    await ask('and after that')
    const chats = stack.published('message.received').map(({ conversation }) => conversation)
    expect(new Set(chats)).toEqual(new Set([ALICE]))
    expect(stack.account().reason).toBeNull()
    expect(stack.published('message.blocked')).toEqual([])
  })

  it('answers them in a group, where they have lost the keys of everybody', async () => {
    const group = stack.simulator.createGroup({ subject: 'Family', members: [stack.alice, stack.owner] })
    stack.writeConfig([ALICE], { groups: { [group.jid]: {} }, groupPolicy: 'allowlist' })
    await stack.untilEvent('config.applied')
    const askGroup = async (text: string): Promise<void> => {
      const sent = await stack.alice.sendGroupText(group, text, { mention: OWNER })
      await answered(sent.text)
    }
    await askGroup('before')
    await stack.alice.reinstall({ tells })
    await askGroup('after')
  })

  it('brings the answer that was under way to the new phone', async () => {
    await ask('before')
    // The answer waits for more that she may write, and begins for keys that are gone.
    stack.writeConfig([ALICE], { debounceMs: 500 })
    await stack.untilEvent('config.applied')
    const { id } = await stack.alice.sendText(OWNER, 'under way')
    await stack.untilEvent('message.received', ({ messageId }) => messageId === id)
    await stack.alice.reinstall({ tells })
    await answered('under way')
  })
})
