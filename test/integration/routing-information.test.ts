import { afterEach, describe, expect, it } from 'vitest'
import { Stack } from '../support/stack.ts'

// Whoever moves behind another server, or a proxy that knows nothing of it, waited for a handshake that never began, for
// ever, and over restarts.
describe('routing information that the server does not take', () => {
  let stack: Stack
  afterEach(() => stack.stop())

  const timings = { loginSilenceMs: 400, reconnect: { firstDelayMs: 5, capMs: 20 } }
  const failures = (): number =>
    stack
      .published('account.status')
      .filter(({ state, reason }) => state === 'reconnecting' && reason?.code === 'open_timeout').length

  it('is dropped after two failed openings', async () => {
    stack = await Stack.start({ timings })
    await stack.link()
    stack.simulator.faults.takesRouting = false
    stack.simulator.faults.reset()
    await stack.until('a failed opening', () => failures() > 0)
    await stack.untilState('connected')
    expect(stack.account().linked).toBe(true)
  })

  it('is dropped also where each opening is the first one of a process', async () => {
    stack = await Stack.start({ timings })
    await stack.link()
    stack.simulator.faults.takesRouting = false
    const isOpen = (): boolean => stack.account().state === 'connected'
    for (let start = 0; start < 3; start += 1) {
      await stack.stopDaemon()
      const before = failures()
      await stack.startDaemon()
      await stack.until('a failed opening, or an open link', () => failures() > before || isOpen())
    }
    expect(isOpen()).toBe(true)
  })
})
