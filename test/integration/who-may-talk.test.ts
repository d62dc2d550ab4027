import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ALICE, MALLORY, OWNER, Stack } from '../support/stack.ts'

const LID_ONLY = '+15550000004'
/** Read as a phone number it would be a possible one. */
const LID_LIKE_A_NUMBER = '15550000099@lid'
const PHONE_ONLY = '+15550000005'

describe('who may talk', () => {
  let stack: Stack
  beforeEach(async () => {
    stack = await Stack.start({ allowFrom: [ALICE] })
    stack.simulator.createPhone({
      phoneNumber: LID_ONLY,
      name: 'Lidia',
      addressing: 'lid-only',
      lid: LID_LIKE_A_NUMBER,
    })
    stack.simulator.createPhone({ phoneNumber: PHONE_ONLY, name: 'Phil', addressing: 'phone-only' })
    await stack.link()
  })
  afterEach(() => stack.stop())

  /** Everything the contact's phone ever saw of the assistant, besides the receipts that prove delivery. */
  const seenBy = (phoneNumber: string): unknown[] => {
    const phone = stack.phone(phoneNumber)
    const receipts = phone.receipts.filter(
      ({ type }) => !['delivery', 'inactive', 'retry', ''].includes(type ?? ''),
    )
    return [...phone.received, ...phone.typing, ...receipts]
  }

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

  it('answers the allowed, however WhatsApp addresses them, and nobody else', async () => {
    await stack.mallory.sendText(OWNER, 'let me in')
    await stack.alice.sendText(OWNER, 'by lid', { addressing: 'lid' })
    await stack.alice.waitForText('by lid')
    await stack.alice.sendText(OWNER, 'by number', { addressing: 'pn' })
    await stack.alice.waitForText('by number')
    await stack.untilEvent('message.blocked', ({ phoneNumber }) => phoneNumber === MALLORY)
    expect(stack.alice.duplicates).toHaveLength(0)
    expect(seenBy(MALLORY)).toEqual([])
  })

  it('shows a stranger once, without the text, and lets them in when they are added, without a reconnect', async () => {
    await stack.mallory.sendText(OWNER, 'secret words of a stranger')
    await stack.mallory.sendText(OWNER, 'again')
    const blocked = await stack.untilEvent('message.blocked')
    expect(blocked).toMatchObject({ phoneNumber: MALLORY, name: 'Mallory', reason: 'not_allowed' })
    stack.writeConfig([ALICE, MALLORY])
    await stack.untilEvent('config.applied')
    await stack.mallory.sendText(OWNER, 'now?')
    await stack.mallory.waitForText('now?')
    expect(stack.published('message.blocked')).toHaveLength(1)
    expect(JSON.stringify(stack.events)).not.toContain('secret words')
    expect(stack.mallory.received.map(({ text }) => text)).toEqual(['now?'])
    expect(stack.published('account.status').filter(({ state }) => state === 'reconnecting')).toEqual([])
  })

  it('stops answering the moment a number is removed', async () => {
    await stack.alice.sendText(OWNER, 'one')
    await stack.alice.waitForText('one')
    stack.writeConfig([MALLORY])
    await stack.untilEvent('config.applied')
    await stack.alice.sendText(OWNER, 'two')
    await stack.untilEvent('message.blocked', ({ phoneNumber }) => phoneNumber === ALICE)
    expect(stack.alice.received.map(({ text }) => text)).toEqual(['one'])
  })

  // LID digits are not a phone number: reading them as one lets the wrong person in.
  it('denies a sender that is known by a LID only, even when its digits are on the list', async () => {
    const lidia = stack.phone(LID_ONLY)
    stack.writeConfig([ALICE, LID_ONLY, `+${LID_LIKE_A_NUMBER.replace('@lid', '')}`])
    await stack.untilEvent('config.applied')
    await lidia.sendText(OWNER, 'who am I')
    const blocked = await stack.untilEvent('message.blocked')
    expect(blocked).toMatchObject({ phoneNumber: null, reason: 'lid_unresolved' })
    expect(seenBy(LID_ONLY)).toEqual([])
  })

  it('knows an allowed contact whose envelope carries the LID alone', async () => {
    await stack.alice.sendText(OWNER, 'who am I', { attributes: { sender_pn: '' } })
    await stack.alice.waitForText('who am I')
  })

  it('answers an allowed contact for whom WhatsApp knows no LID', async () => {
    stack.writeConfig([ALICE, PHONE_ONLY])
    await stack.untilEvent('config.applied')
    await stack.phone(PHONE_ONLY).sendText(OWNER, 'plain old number')
    await stack.phone(PHONE_ONLY).waitForText('plain old number')
    expect(stack.phone(PHONE_ONLY).undecryptable).toHaveLength(0)
  })

  it('reads, types and answers for the allowed, in this order', async () => {
    const sent = await stack.alice.sendText(OWNER, 'hello')
    await stack.alice.waitForText('hello')
    expect(stack.alice.receipts.some(({ type, messageId }) => type === 'read' && messageId === sent.id)).toBe(
      true,
    )
    expect(stack.alice.typing.map(({ state }) => state)[0]).toBe('composing')
  })

  it('lets everybody in with the open policy, and nobody with the disabled one', async () => {
    stack.writeConfig(['*'], { dmPolicy: 'open' })
    await stack.untilEvent('config.applied')
    await stack.mallory.sendText(OWNER, 'open?')
    await stack.mallory.waitForText('open?')
    stack.writeConfig([ALICE], { dmPolicy: 'disabled' })
    await stack.until('the second edit', () => stack.published('config.applied').length === 2)
    await stack.alice.sendText(OWNER, 'closed?')
    await stack.untilEvent('message.blocked', ({ reason }) => reason === 'policy_disabled')
    expect(stack.alice.received).toHaveLength(0)
  })

  it('keeps the last valid list in force while the file is broken', async () => {
    stack.writeConfig([MALLORY], { dmPolicy: 'friends' })
    const problem = await stack.untilEvent('config.rejected')
    expect(problem).toMatchObject({ path: 'channels.whatsapp.dmPolicy' })
    expect(problem.line).toBeGreaterThan(0)
    await stack.alice.sendText(OWNER, 'still me')
    await stack.alice.waitForText('still me')
    await stack.mallory.sendText(OWNER, 'and me?')
    await stack.untilEvent('message.blocked')
    expect(seenBy(MALLORY)).toEqual([])
  })

  it('lets the others in where one number of the list is none, and nobody where all are', async () => {
    stack.writeConfig([ALICE, 'not a number'])
    expect(await stack.untilEvent('config.applied')).toMatchObject({ entryProblems: 1 })
    await stack.alice.sendText(OWNER, 'still me')
    await stack.alice.waitForText('still me')
    stack.writeConfig(['not a number'], { groupAllowFrom: ['12'] })
    await stack.untilEvent('config.applied', ({ changed }) => changed.length > 1)
    await stack.alice.sendText(OWNER, 'and now?')
    await stack.untilEvent('message.blocked', ({ phoneNumber }) => phoneNumber === ALICE)
    expect(stack.published('config.rejected')).toEqual([])
  })

  // Whoever knows a message's id can say that they could not read it, and a bot that looks up by id sends it to them.
  it("does not send one person's reply to another who asks for it again", async () => {
    await stack.alice.sendText(OWNER, 'for Alice alone')
    const { id } = await stack.alice.waitForText('for Alice alone')
    asksAgain(MALLORY, id)
    for (const text of ['one', 'two', 'three']) {
      await stack.alice.sendText(OWNER, text)
      await stack.alice.waitForText(text)
    }
    expect(seenBy(MALLORY)).toEqual([])
    expect(stack.mallory.undecryptable).toEqual([])
  })

  // Each request made Baileys ask WhatsApp for the keys of whoever sent it.
  it('asks WhatsApp for no keys because somebody wants again what was never sent to them', async () => {
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
  it('does not send a stranger what they wrote themself when they ask for it', async () => {
    const { id } = await stack.mallory.sendText(OWNER, 'let me in')
    await stack.untilEvent('message.blocked')
    asksAgain(MALLORY, id)
    for (const text of ['one', 'two', 'three']) {
      await stack.alice.sendText(OWNER, text)
      await stack.alice.waitForText(text)
    }
    expect(seenBy(MALLORY)).toEqual([])
    expect(stack.mallory.undecryptable).toEqual([])
  })

  // From memory it went out whatever the allowlist said meanwhile.
  it('does not send a reply again to somebody who was removed since', async () => {
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
