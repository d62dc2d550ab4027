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
