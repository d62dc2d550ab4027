import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ALICE, MALLORY, OWNER, Stack } from '../support/stack.ts'

describe('a request to send a message again', () => {
  let stack: Stack
  beforeEach(async () => {
    // A changed list of devices is a reason of its own to ask for keys.
    stack = await Stack.start({ allowFrom: [ALICE], simulator: { hasUnkeyedDevices: false } })
    await stack.link()
  })
  afterEach(() => stack.stop())

  /** This phone says that it could not read the message with this id. */
  const asksAgain = (phoneNumber: string, id: string): void => {
    stack.simulator.faults.send({
      tag: 'receipt',
      attrs: { type: 'retry', id, from: stack.phone(phoneNumber).lid, t: '1700000000' },
      content: [
        { tag: 'retry', attrs: { count: '1', id, t: '1700000000', v: '1' } },
        { tag: 'registration', attrs: {}, content: Buffer.from([0, 0, 1, 1]) },
      ],
    })
  }

  // Anybody who knows a message's id can claim that they could not read it. A bot that looks up by the id alone sends it to them.
  it("does not send one person's reply to another who asks for it again", async () => {
    await stack.alice.sendText(OWNER, 'for Alice alone')
    const { id } = await stack.alice.waitForText('for Alice alone')
    asksAgain(MALLORY, id)
    for (const text of ['one', 'two', 'three']) {
      await stack.alice.sendText(OWNER, text)
      await stack.alice.waitForText(text)
    }
    expect(stack.shownTo(MALLORY)).toEqual([])
    expect(stack.mallory.undecryptable).toEqual([])
  })

  // Each request made Baileys ask WhatsApp for the keys of its sender.
  it('asks WhatsApp for keys only when the request is for a message that was sent to its sender', async () => {
    const askedFor: (string | undefined)[] = []
    await stack.alice.sendText(OWNER, 'hello')
    const { id } = await stack.alice.waitForText('hello')
    await stack.untilEvent('message.delivered')
    stack.simulator.onTrace(({ direction, node }) => {
      if (direction !== 'in' || node.tag !== 'iq' || node.attrs['xmlns'] !== 'encrypt') return
      const [keys] = Array.isArray(node.content) ? node.content : []
      const users = keys?.tag === 'key' && Array.isArray(keys.content) ? keys.content : []
      askedFor.push(...users.map(({ attrs }) => attrs['jid']))
    })
    for (const [from, what] of [
      [MALLORY, id],
      [MALLORY, 'NEVER1'],
      [ALICE, 'NEVER2'],
    ] as const)
      asksAgain(from, what)
    await stack.alice.sendText(OWNER, 'next')
    await stack.alice.waitForText('next')
    expect(askedFor).toEqual([])
    asksAgain(ALICE, id)
    await expect.poll(() => stack.alice.duplicates).toHaveLength(1)
    expect(askedFor).toEqual([stack.alice.lid])
  })

  // Baileys keeps what comes in beside what went out, and sent a stranger's own words back to them.
  it('does not send a stranger their own message when they ask for it', async () => {
    const { id } = await stack.mallory.sendText(OWNER, 'let me in')
    await stack.untilEvent('message.blocked')
    asksAgain(MALLORY, id)
    for (const text of ['one', 'two', 'three']) {
      await stack.alice.sendText(OWNER, text)
      await stack.alice.waitForText(text)
    }
    expect(stack.shownTo(MALLORY)).toEqual([])
    expect(stack.mallory.undecryptable).toEqual([])
  })

  // From memory it went out whatever the allowlist said meanwhile.
  it('does not send a reply again to a person who was removed meanwhile', async () => {
    await stack.alice.sendText(OWNER, 'hello')
    const { id } = await stack.alice.waitForText('hello')
    asksAgain(ALICE, id)
    await expect.poll(() => stack.alice.duplicates).toHaveLength(1)
    stack.writeConfig([MALLORY])
    await stack.untilEvent('config.applied')
    asksAgain(ALICE, id)
    for (const text of ['one', 'two', 'three']) {
      await stack.mallory.sendText(OWNER, text)
      await stack.mallory.waitForText(text)
    }
    expect(stack.alice.received).toHaveLength(1)
    expect(stack.alice.duplicates).toHaveLength(1)
  })
})
