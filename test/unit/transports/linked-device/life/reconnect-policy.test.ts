import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  DEFAULT_RECONNECT,
  reconnectDelayMs,
} from '../../../../../src/transports/linked-device/life/reconnect-policy.ts'

const ALMOST_ONE = 1 - Number.EPSILON

describe('the wait before the next attempt', () => {
  it('grows from 2 s to a minute, and to five minutes after twenty failures', () => {
    const longest = [1, 2, 3, 6, 19, 20, 1_000].map((failures) => reconnectDelayMs(failures, ALMOST_ONE))
    expect(longest).toEqual([2_000, 4_000, 8_000, 60_000, 60_000, 300_000, 300_000])
  })

  it('is spread evenly down to nothing, so that not everybody comes back at once', () => {
    fc.assert(
      fc.property(fc.nat(), fc.double({ min: 0, max: ALMOST_ONE, noNaN: true }), (failures, random) => {
        const longest = reconnectDelayMs(failures, ALMOST_ONE)
        expect(reconnectDelayMs(failures, random)).toBe(Math.round((random * longest) / ALMOST_ONE))
        expect(longest).toBeLessThanOrEqual(5 * DEFAULT_RECONNECT.capMs)
      }),
    )
  })

  it('keeps the configured longest wait, times five when nothing helps', () => {
    const settings = { firstDelayMs: 20, capMs: 100 }
    expect(reconnectDelayMs(10, ALMOST_ONE, settings)).toBe(100)
    expect(reconnectDelayMs(10_000, ALMOST_ONE, settings)).toBe(500)
  })
})
