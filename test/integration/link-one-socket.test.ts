import { afterEach, describe, expect, it } from 'vitest'
import { OWNER, Stack } from '../support/stack.ts'

const RECONNECTS = 200

// Two sockets for one credential set corrupt the ratchet.
describe('one socket, ever', () => {
  let stack: Stack
  afterEach(() => stack.stop())

  it(`holds over ${RECONNECTS} forced reconnects of every kind`, { timeout: 180_000 }, async () => {
    stack = await Stack.start({ timings: { reconnect: { firstDelayMs: 1, capMs: 5 } } })
    await stack.link()
    const { faults } = stack.simulator
    const kinds = [
      () => faults.reset(),
      () => faults.streamError({ code: 515 }),
      () => faults.streamError({ code: 503 }),
      () => faults.garbageFrame(),
      () => void stack.accounts.reconnect('default'),
    ]
    for (let round = 0; round < RECONNECTS; round += 1) {
      const before = stack.published('account.status').filter(({ state }) => state === 'connected').length
      kinds[round % kinds.length]?.()
      // Impatient people and tunnels press the button more than once.
      if (round % 7 === 0) void stack.accounts.reconnect('default')
      await stack.until(
        'the next connection',
        () => stack.published('account.status').filter(({ state }) => state === 'connected').length > before,
      )
    }
    expect(stack.simulator.maxSimultaneousConnections(OWNER)).toBe(1)
    await stack.alice.sendText(OWNER, 'still one')
    await stack.alice.waitForText('still one')
    expect(stack.alice.undecryptable).toHaveLength(0)
  })
})
