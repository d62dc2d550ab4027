import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ALICE, OWNER, Stack } from '../support/stack.ts'

const DAY = 86_400
const WEEK = 604_800

/** The answer stayed in a chat whose messages disappear: it did not carry the chat's timer. */
describe('a chat whose messages disappear', () => {
  let stack: Stack

  beforeEach(() => {
    // Baileys' own libsignal prints the sessions that it replaces.
    for (const method of ['info', 'warn'] as const) vi.spyOn(console, method).mockReturnValue()
  })
  afterEach(async () => {
    vi.restoreAllMocks()
    await stack.stop()
  })

  const answerTo = async (text: string): Promise<number> => {
    await stack.alice.sendText(OWNER, text)
    return (await stack.alice.waitForText((message) => message.text === text && message.from === OWNER))
      .disappearsAfter
  }

  it('gets answers that disappear as its last message does, also after a restart, and until it is switched off', async () => {
    stack = await Stack.start({ allowFrom: [ALICE] })
    await stack.link()
    expect(await answerTo('none')).toBe(0)
    await stack.alice.setDisappearing(OWNER, WEEK)
    expect(await answerTo('a week')).toBe(WEEK)
    expect(await answerTo('still a week')).toBe(WEEK)
    await stack.stopDaemon()
    await stack.alice.sendMessage(OWNER, { requestPaymentMessage: { currencyCodeIso4217: 'EUR' } })
    await stack.startDaemon()
    const notice = await stack.alice.waitForText('I cannot read messages of this kind.')
    expect(notice.disappearsAfter).toBe(WEEK)
    await stack.alice.setDisappearing(OWNER, 0)
    expect(await answerTo('none again')).toBe(0)
  })

  it('may be set by either side, between a question and its answer too', async () => {
    stack = await Stack.start({ allowFrom: [ALICE], channel: { debounceMs: 1_000 } })
    await stack.link()
    await stack.alice.setDisappearing(OWNER, DAY)
    expect(await answerTo('a day')).toBe(DAY)
    await stack.alice.sendText(OWNER, 'and now?')
    await stack.untilEvent('message.received', () => stack.published('message.received').length === 2)
    await stack.owner.setDisappearing(ALICE, WEEK)
    const answer = await stack.alice.waitForText(
      (message) => message.text === 'and now?' && message.from === OWNER,
    )
    expect(answer.disappearsAfter).toBe(WEEK)
  })

  it('is read again with its timer by a phone that lost its keys', async () => {
    stack = await Stack.start({ allowFrom: [ALICE], channel: { debounceMs: 1_000 } })
    await stack.link()
    await stack.alice.setDisappearing(OWNER, DAY)
    await stack.alice.sendText(OWNER, 'read me')
    await stack.untilEvent('message.received')
    for (const companion of stack.owner.companions) stack.alice.forgetSession(companion)
    const answer = await stack.alice.waitForText((message) => message.from === OWNER)
    expect(stack.alice.undecryptable).not.toEqual([])
    expect(answer.disappearsAfter).toBe(DAY)
  })

  it('may be a group, whoever set its timer', async () => {
    stack = await Stack.start({ allowFrom: [ALICE] })
    const family = stack.simulator.createGroup({
      subject: 'Family',
      members: [stack.owner, stack.alice, stack.mallory],
    })
    await stack.link()
    const answer = async (text: string): Promise<number> => {
      const { text: sent } = await stack.alice.sendGroupText(family, text, { mention: OWNER })
      return (await stack.mallory.waitForText((message) => message.text === sent && message.from === OWNER))
        .disappearsAfter
    }
    expect(await answer('none')).toBe(0)
    family.setTimer(DAY)
    expect(await answer('a day')).toBe(DAY)
    family.setTimer(0)
    expect(await answer('none again')).toBe(0)
  })
})
