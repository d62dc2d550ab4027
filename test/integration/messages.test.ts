import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ALICE, OWNER, Stack } from '../support/stack.ts'

describe('messages', () => {
  let stack: Stack
  beforeEach(async () => {
    stack = await Stack.start({ allowFrom: [ALICE, OWNER] })
    await stack.link()
  })
  afterEach(() => stack.stop())

  it('answers in the chat with yourself, once, and never itself', async () => {
    await stack.owner.sendToSelf('note to self')
    await stack.owner.waitForText('note to self')
    await stack.owner.sendToSelf('and another')
    await stack.owner.waitForText('and another')
    const finished = stack.published('agent.turnFinished')
    expect(finished.map(({ outcome }) => outcome)).toEqual(['answered', 'answered'])
  })

  it('says nothing where the owner writes to somebody else', async () => {
    stack.writeConfig([ALICE], { takeover: { onPhoneReply: false } })
    await stack.untilEvent('config.applied')
    await stack.owner.sendText(ALICE, 'a private word')
    await stack.alice.waitForText('a private word')
    await stack.alice.sendText(OWNER, 'for the assistant')
    await stack.alice.waitForText('for the assistant')
    expect(stack.alice.received.map(({ text }) => text)).toEqual(['a private word', 'for the assistant'])
  })

  it('answers what came while it was away, once, oldest first', async () => {
    await stack.stopDaemon()
    for (const text of ['first', 'second', 'third']) await stack.alice.sendText(OWNER, text)
    await stack.startDaemon()
    await stack.alice.waitForText('third')
    const texts = stack.alice.received.map(({ text }) => text)
    expect(texts.join('\n').split('\n')).toEqual(['first', 'second', 'third'])
    expect(stack.alice.duplicates).toHaveLength(0)
  })

  it('does not wait for the end of the backlog when WhatsApp never announces it', async () => {
    await stack.stopDaemon()
    await stack.alice.sendText(OWNER, 'anybody home')
    stack.simulator.faults.sendsOfflineMarker = false
    await stack.startDaemon()
    await stack.alice.waitForText('anybody home', 15_000)
  })

  it('sends again under the same id when the acknowledgement is lost', async () => {
    stack.simulator.faults.loseAcks('swallow', { times: 1 })
    await stack.alice.sendText(OWNER, 'do you hear me')
    await stack.alice.waitForText('do you hear me', 120_000)
    expect(stack.alice.received).toHaveLength(1)
  })

  it('gives up, with the reason, what WhatsApp refuses for good', async () => {
    stack.simulator.faults.refuseMessages(479, { times: 1 })
    await stack.alice.sendText(OWNER, 'hello')
    const failed = await stack.untilEvent('message.failed')
    expect(failed.code).toBe('stanza_invalid')
    await stack.alice.sendText(OWNER, 'hello again')
    await stack.alice.waitForText('hello again')
  })

  it('survives a burst without a reply that the peer cannot read', async () => {
    const texts = Array.from({ length: 200 }, (_, index) => `message ${index}`)
    for (const text of texts) void stack.alice.sendText(OWNER, text)
    await stack.alice.waitForText('message 199', 120_000)
    const answered = stack.alice.received.flatMap(({ text }) => (text ?? '').split('\n'))
    expect(answered).toEqual(texts)
    expect(stack.alice.undecryptable).toHaveLength(0)
    expect(stack.alice.duplicates).toHaveLength(0)
  })

  it('keeps talking after a restart, with the same identity', async () => {
    await stack.alice.sendText(OWNER, 'before')
    await stack.alice.waitForText('before')
    const number = stack.account().phoneNumber
    await stack.stopDaemon()
    await stack.startDaemon()
    await stack.untilState('connected')
    expect(stack.account().phoneNumber).toBe(number)
    await stack.alice.sendText(OWNER, 'after')
    await stack.alice.waitForText('after')
    expect(stack.alice.undecryptable).toHaveLength(0)
  })

  it('tells when a reply was delivered and read', async () => {
    await stack.alice.sendText(OWNER, 'hello')
    const reply = await stack.alice.waitForText('hello')
    const sent = await stack.untilEvent('message.sent')
    expect(sent.messageId).toBe(reply.id)
    await stack.untilEvent('message.delivered', ({ messageId }) => messageId === reply.id)
    await stack.alice.markRead(reply)
    await stack.untilEvent('message.read', ({ messageId }) => messageId === reply.id)
  })

  // The one device reads while the other one still reports the delivery; Baileys kept only the later of the two.
  it('tells that a reply was read though a receipt of delivery comes right behind', async () => {
    await stack.alice.sendText(OWNER, 'hello')
    const reply = await stack.alice.waitForText('hello')
    await stack.alice.markRead(reply)
    await stack.untilEvent('message.read', ({ messageId }) => messageId === reply.id)
  })
})
