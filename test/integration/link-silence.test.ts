import { afterEach, describe, expect, it } from 'vitest'
import { OWNER, Stack } from '../support/stack.ts'

// "Open" is not working: a socket can stay open for hours while nothing flows.
describe('a WhatsApp that goes silent', () => {
  let stack: Stack
  afterEach(() => stack.stop())

  const answersAgain = async (text: string): Promise<void> => {
    await stack.untilState('connected')
    await stack.alice.sendText(OWNER, text)
    await stack.alice.waitForText(text)
    expect(stack.simulator.maxSimultaneousConnections(OWNER)).toBe(1)
  }

  it.each(['silence', 'halfOpen'] as const)('is replaced after %s', async (fault) => {
    stack = await Stack.start({ timings: { keepAliveIntervalMs: 1_000, queryTimeoutMs: 1_000 } })
    await stack.link()
    stack.simulator.faults[fault]()
    await stack.until('the loss to be noticed', () => stack.account().state !== 'connected', 30_000)
    expect(stack.account().reason?.code).toBe('connection_lost')
    await answersAgain(`after ${fault}`)
  })

  it.each([
    ['silent', 'at its deadline', { loginDeadlineMs: 500 }],
    ['half-open', 'at its deadline', { loginDeadlineMs: 500 }],
    ['half-open', 'long before', { loginSilenceMs: 500 }],
  ] as const)('is given up when a login goes %s: %s', async (kind, _when, timings) => {
    stack = await Stack.start({ timings })
    await stack.link()
    const silenced = stack.simulator.faults.silenceLogins(kind)
    stack.simulator.faults.reset()
    await expect.poll(() => silenced.hits).toBeGreaterThanOrEqual(2)
    expect(stack.account().reason?.code).toBe('open_timeout')
    silenced.clear()
    await answersAgain(`after a ${kind} login`)
  })

  /*
   * The network went in the moment after a scan: whoever pressed "Reconnect" was ignored, because the link was being
   * finished, and that took as long as a login may.
   */
  it('is asked anew by whoever does not want to wait for the end of the linking', async () => {
    stack = await Stack.start()
    const { qr } = await stack.qr()
    const silenced = stack.simulator.faults.silenceLogins('half-open')
    await stack.owner.scan(qr)
    await expect.poll(() => silenced.hits).toBeGreaterThanOrEqual(1)
    expect(stack.account().state).toBe('confirming')
    silenced.clear()
    await stack.accounts.reconnect('default')
    await answersAgain('after all')
  })

  it('opens although WhatsApp answers neither for privacy nor for properties', async () => {
    stack = await Stack.start({ timings: { queryTimeoutMs: 500 } })
    for (const xmlns of ['abt', 'blocklist', 'privacy']) stack.simulator.faults.withholdAnswers({ xmlns })
    await stack.link()
    await answersAgain('hello')
  })

  it('opens although WhatsApp answers the digest with an error', async () => {
    stack = await Stack.start()
    stack.simulator.faults.answerWithError({ element: 'digest' })
    await stack.link()
    await answersAgain('hello')
  })
})
