import { describe, expect, it, vi } from 'vitest'
import { HangUp } from '../../../src/cli/hang-up.ts'

// The tests have no terminal on all of their descriptors; closing a real one is tried in test/integration/hang-up.test.ts.
describe('SIGHUP', () => {
  it('is a request where somebody listens, and the end where nobody does', () => {
    const [end, listener] = [vi.fn(), vi.fn()]
    const hangUp = new HangUp({}, end)
    const stop = hangUp.onRequest(listener)
    hangUp.received()
    expect([listener.mock.calls.length, end.mock.calls.length]).toEqual([1, 0])
    stop()
    hangUp.received()
    expect([listener.mock.calls.length, end.mock.calls.length]).toEqual([1, 1])
  })

  it('stays ignored where the process was started so, and children inherit no note of it', () => {
    const [end, listener] = [vi.fn(), vi.fn()]
    const env: NodeJS.ProcessEnv = { WHATSAPPD_IGNORED_SIGHUP: '1' }
    const hangUp = new HangUp(env, end)
    hangUp.received()
    hangUp.onRequest(listener)
    hangUp.received()
    expect(end).not.toHaveBeenCalled()
    expect(listener).not.toHaveBeenCalled()
    expect(env).toEqual({})
  })
})
