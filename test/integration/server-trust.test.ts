import { afterEach, describe, expect, it } from 'vitest'
import { Stack } from '../support/stack.ts'

// Baileys 7.0.0-rc14 takes any 64 bytes for a signature, so that anybody in the middle could pose as WhatsApp.
describe("the server's certificate", () => {
  let stack: Stack
  afterEach(() => stack.stop())

  const refused = async (): Promise<void> => {
    await expect(stack.qr()).rejects.toMatchObject({ code: 'link_failed' })
    expect(stack.account()).toMatchObject({
      state: 'untrusted_server',
      linked: false,
      reason: { code: 'certificate_invalid' },
    })
    expect(stack.published('account.qr')).toEqual([])
  }

  it('is refused under a root that nobody configured', async () => {
    stack = await Stack.start({ trustsSimulator: false })
    await refused()
  })

  it('is refused when the server signs with another root than the configured one', async () => {
    stack = await Stack.start()
    stack.simulator.faults.certificate = 'wrong-root'
    await refused()
    stack.simulator.faults.certificate = 'valid'
    await stack.link()
  })

  // Dates and serials were never looked at: whoever got hold of an old key could pose as WhatsApp for ever.
  it('is refused where another certificate issued it', async () => {
    stack = await Stack.start()
    stack.simulator.faults.certificate = 'other-issuer'
    await refused()
  })

  it.each(['expired', 'not-yet-valid'] as const)(
    'is refused where it is %s, and the clock is named',
    async (kind) => {
      stack = await Stack.start()
      stack.simulator.faults.certificate = kind
      await expect(stack.qr()).rejects.toMatchObject({ code: 'link_failed' })
      const { state, reason } = stack.account()
      expect(state).toBe('untrusted_server')
      expect(reason?.code).toBe('clock_wrong')
      expect(`${reason?.message} ${reason?.action}`).toMatch(/clock/)
      stack.simulator.faults.certificate = 'valid'
      await stack.link()
    },
  )

  // Other servers leave them out.
  it('may come without serials and dates', async () => {
    stack = await Stack.start()
    stack.simulator.faults.certificate = 'bare'
    await stack.link()
  })

  it('is refused for a linked account too, which keeps its link', async () => {
    stack = await Stack.start()
    await stack.link()
    stack.simulator.faults.certificate = 'wrong-root'
    stack.simulator.faults.reset()
    const account = await stack.untilState('untrusted_server')
    expect(account.linked).toBe(true)
    stack.simulator.faults.certificate = 'valid'
    await stack.accounts.reconnect('default')
    await stack.untilState('connected')
  })
})
