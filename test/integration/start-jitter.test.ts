import { afterEach, describe, expect, it } from 'vitest'
import { ALICE, OWNER, Stack } from '../support/stack.ts'

/** So long that nobody waits for its end. */
const JITTER_SECONDS = 3_600

let stack: Stack
afterEach(() => stack.stop())

describe('where the start is spread (startJitterSeconds)', () => {
  it('a new link waits for nothing, and one that is there for its random time, or until a person asks', async () => {
    stack = await Stack.start({ daemon: { startJitterSeconds: JITTER_SECONDS } })
    await stack.link()
    await stack.stopDaemon()

    const before = Date.now()
    await stack.startDaemon()
    expect(stack.account()).toMatchObject({ state: 'connecting', reason: { code: 'starting' }, linked: true })
    const at = Date.parse(stack.account().nextAttemptAt ?? '')
    expect(at).toBeGreaterThanOrEqual(before)
    expect(at).toBeLessThanOrEqual(Date.now() + JITTER_SECONDS * 1_000)

    // Meanwhile WhatsApp keeps what is written.
    await stack.alice.sendText(OWNER, 'hello')
    await stack.accounts.reconnect('default')
    await stack.untilState('connected')
    await stack.alice.waitForText('hello')
  })

  it('an account that is switched on later connects at once', async () => {
    stack = await Stack.start({ daemon: { startJitterSeconds: JITTER_SECONDS } })
    await stack.link()
    await stack.stopDaemon()
    stack.writeConfig([ALICE], { enabled: false })
    await stack.startDaemon()
    expect(stack.account().state).toBe('disabled')
    stack.writeConfig([ALICE], { enabled: true })
    await stack.untilState('connected')
  })
})
