import { afterEach, describe, expect, it, vi } from 'vitest'
import { OWNER, Stack } from '../support/stack.ts'

const SLEPT_MS = 2 * 60_000
/** From the first moment awake: a look, the old socket's end, a login. Generous on a busy machine, and far below any timeout. */
const AT_ONCE_MS = 30_000

// A sandbox that sleeps loses its connection without a word: the socket looks open when it wakes, and what people wrote
// meanwhile waits at WhatsApp.
describe('waking up', () => {
  let stack: Stack
  afterEach(async () => {
    vi.restoreAllMocks()
    await stack.stop()
  })

  it('reconnects at once and answers what came meanwhile, once', async () => {
    const realNow = Date.now
    let sleptMs = 0
    vi.spyOn(Date, 'now').mockImplementation(() => realNow() + sleptMs)
    stack = await Stack.start({ timings: { watch: { tickMs: 100 } } })
    await stack.link()
    stack.simulator.faults.halfOpen()
    for (const text of ['one', 'two']) await stack.alice.sendText(OWNER, text)
    sleptMs = SLEPT_MS
    const awakeAt = performance.now()
    await stack.untilEvent('account.status', ({ reason }) => reason?.code === 'woke_up')
    await stack.untilState('connected')
    expect(performance.now() - awakeAt).toBeLessThan(AT_ONCE_MS)
    for (const text of ['one', 'two']) await stack.alice.waitForText(text)
    await stack.alice.sendText(OWNER, 'three')
    await stack.alice.waitForText('three')
    expect(stack.alice.received.map(({ text }) => text)).toEqual(['one', 'two', 'three'])
  })
})
