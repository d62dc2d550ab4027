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

  it('answers the allowed, however WhatsApp addresses them, and nobody else', async () => {
    await stack.mallory.sendText(OWNER, 'let me in')
    await stack.alice.sendText(OWNER, 'by lid', { addressing: 'lid' })
    await stack.alice.waitForText('by lid')
    await stack.alice.sendText(OWNER, 'by number', { addressing: 'pn' })
    await stack.alice.waitForText('by number')
    await stack.untilEvent('message.blocked', ({ phoneNumber }) => phoneNumber === MALLORY)
    expect(stack.alice.duplicates).toHaveLength(0)
    expect(stack.shownTo(MALLORY)).toEqual([])
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
    expect(stack.shownTo(LID_ONLY)).toEqual([])
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
    expect(stack.shownTo(MALLORY)).toEqual([])
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
})
