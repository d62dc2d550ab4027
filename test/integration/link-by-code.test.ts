import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { OWNER, Stack } from '../support/stack.ts'

describe('linking by pairing code', () => {
  let stack: Stack
  beforeEach(async () => {
    stack = await Stack.start()
  })
  afterEach(() => stack.stop())

  const code = async (): Promise<string> => {
    const offer = await stack.accounts.link('default', { method: 'code', phoneNumber: '+1 (555) 000-0001' })
    if (offer.method !== 'code') throw new Error('not a code')
    expect(offer.phoneNumber).toBe(OWNER)
    expect(Date.parse(offer.expiresAt)).toBeGreaterThan(Date.now())
    return offer.code
  }

  it('gives eight characters which the phone accepts', async () => {
    const offered = await code()
    expect(offered).toHaveLength(8)
    expect(stack.account()).toMatchObject({ state: 'awaiting_scan', reason: { code: 'enter_code_to_link' } })
    // WhatsApp hears of the code a moment after we do.
    await expect
      .poll(() =>
        stack.owner.enterCode(offered).then(
          () => true,
          () => false,
        ),
      )
      .toBe(true)
    await stack.untilState('connected')
    expect(stack.account().phoneNumber).toBe(OWNER)
    await stack.alice.sendText(OWNER, 'hello')
    await stack.alice.waitForText('hello')
  })

  it('refuses what is no phone number, naming the reason', async () => {
    await expect(stack.accounts.link('default', { method: 'code', phoneNumber: '12' })).rejects.toMatchObject(
      {
        code: 'invalid_phone_number',
      },
    )
    await expect(stack.accounts.link('default', { method: 'code' })).rejects.toMatchObject({
      code: 'invalid_phone_number',
    })
  })

  // A code that nobody entered leaves half a login behind, with which WhatsApp answers 401 at the next start.
  it('an abandoned code does not stand in the way of the next link, here or after a restart', async () => {
    await code()
    await stack.accounts.cancelLink('default')
    await stack.link()
    expect(stack.account().state).toBe('connected')
    await stack.accounts.disconnect('default')

    await code()
    await stack.stopDaemon()
    await stack.startDaemon()
    expect(stack.account().state).toBe('unlinked')
    await stack.link()
    expect(stack.account().state).toBe('connected')
  })

  it('changes from a code to a QR on demand', async () => {
    await code()
    const { qr } = await stack.qr()
    await stack.owner.scan(qr)
    await stack.untilState('connected')
  })

  it('says so when WhatsApp refuses the code', async () => {
    stack.simulator.faults.answerWithError(
      { element: 'link_code_companion_reg' },
      { code: 400, text: 'bad-request' },
    )
    await code().catch(() => {
      // The refusal may come before or after the code is shown.
    })
    await stack.until('the refusal', () => stack.account().reason?.code === 'link_code_rejected')
    expect(stack.account().state).toBe('unlinked')
  })
})
