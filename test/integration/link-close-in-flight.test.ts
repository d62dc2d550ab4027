import { afterEach, describe, expect, it } from 'vitest'
import { OWNER, Stack } from '../support/stack.ts'

// A server that closed in good order (a restart, maintenance) left whoever waited for an acknowledgement waiting for the
// whole fifteen seconds, and every reply behind that message with it, although the next connection was up at once.
describe('a connection that ends while a message waits for its acknowledgement', () => {
  let stack: Stack
  afterEach(() => stack.stop())

  it.each(['515', '503', 'reset'] as const)('sends again at once after %s', async (how) => {
    stack = await Stack.start()
    await stack.link()
    const swallowed = stack.simulator.faults.loseAcks('swallow', { times: 1 })
    await stack.alice.sendText(OWNER, 'first')
    await expect.poll(() => swallowed.hits).toBe(1)
    if (how === 'reset') stack.simulator.faults.reset()
    else stack.simulator.faults.streamError({ code: Number(how) })
    await stack.alice.sendText(OWNER, 'second')
    await stack.alice.waitForText('second', 12_000)
    await stack.alice.waitForText('first', 12_000)
  })
})
