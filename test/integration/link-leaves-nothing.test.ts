import { afterEach, describe, expect, it } from 'vitest'
import { OWNER, Stack } from '../support/stack.ts'

const RECONNECTS = 10

// Queries that a dead connection could not answer any more kept its socket, with everything that hangs on it, for half a
// minute: a server that comes and goes left dozens of them.
describe('a connection that has ended', () => {
  let stack: Stack
  afterEach(() => stack.stop())

  it('leaves no timer behind, whatever was asked on it', async () => {
    stack = await Stack.start()
    for (const xmlns of ['abt', 'blocklist', 'privacy']) stack.simulator.faults.withholdAnswers({ xmlns })
    await stack.link()
    const [companion] = stack.owner.companions
    if (companion === undefined) throw new Error('not linked')
    const timers = (): number =>
      process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length
    const before = timers()
    for (let number = 0; number < RECONNECTS; number++) {
      stack.simulator.faults.streamError({ code: 503 })
      await companion.whenDisconnected()
      await stack.until('the loss', () => stack.account().state !== 'connected')
      await stack.untilState('connected')
    }
    expect(timers()).toBeLessThan(before + RECONNECTS)
    await stack.alice.sendText(OWNER, 'hello')
    await stack.alice.waitForText('hello')
  })
})
