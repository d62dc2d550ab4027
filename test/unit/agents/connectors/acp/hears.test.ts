import { afterEach, beforeEach, expect, it } from 'vitest'
import { AcpPlace } from '../../../../support/acp-place.ts'

let place: AcpPlace
beforeEach(() => {
  place = new AcpPlace()
})
afterEach(() => place.remove())

// Before the first start people were told that nobody can listen, though the program takes sound.
it.each([
  [{ promptCapabilities: { audio: true } }, true],
  [{ promptCapabilities: { audio: false } }, false],
  [{}, false],
])(
  'hears sound where the program says so (%j), and may do so before it has said anything',
  async (abilities, expected) => {
    const agent = place.agent({ abilities })
    const { signal } = new AbortController()
    const hears = async (): Promise<boolean | undefined> => agent.hears?.({ model: null, sounds: [] }, signal)
    expect(await hears()).toBe(true)
    await agent.start?.(signal)
    expect(await hears()).toBe(expected)
  },
)
