import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Hold, isPaused, mergedHold, NO_HOLD } from '../../../../src/conversations/takeover/hold.ts'

const paused = (pausedAt: number, until: number | null, more: Partial<Hold> = {}): Hold => ({
  ...NO_HOLD,
  pausedAt,
  until,
  by: 'phone',
  reason: 'owner_wrote',
  ...more,
})

const time = fc.integer({ min: 1, max: 100 })
const maybe = fc.option(time, { nil: null })
const anyHold: fc.Arbitrary<Hold> = fc
  .record({ pausedAt: maybe, until: maybe, offSince: maybe })
  .map((each) => ({ ...NO_HOLD, ...each }))

describe('a hold', () => {
  it('is over at its end, whatever its timer does, and lasts where it has none', () => {
    expect(isPaused(paused(10, 20), 19)).toBe(true)
    expect(isPaused(paused(10, 20), 20)).toBe(false)
    expect(isPaused(paused(10, null), 1_000_000)).toBe(true)
    expect(isPaused(NO_HOLD, 5)).toBe(false)
  })

  it('of two conversations of one person: the one that ends last counts, from the earlier beginning', () => {
    const phone = paused(10, 50)
    expect(mergedHold(NO_HOLD, phone)).toEqual(phone)
    expect(mergedHold(phone, paused(30, 40, { by: 'api' }))).toMatchObject({
      by: 'phone',
      pausedAt: 10,
      until: 50,
    })
    const command = paused(30, null, { by: 'command', reason: 'command' })
    expect(mergedHold(phone, command)).toMatchObject({ by: 'command', pausedAt: 10, until: null })
    expect(mergedHold(paused(1, 2), { ...NO_HOLD, offSince: 7 })).toMatchObject({ pausedAt: 1, offSince: 7 })
  })

  it('silences what either of two did, whichever comes first', () => {
    fc.assert(
      fc.property(anyHold, anyHold, time, (one, other, now) => {
        for (const merged of [mergedHold(one, other), mergedHold(other, one)]) {
          expect(isPaused(merged, now)).toBe(isPaused(one, now) || isPaused(other, now))
          expect(merged.offSince !== null).toBe(one.offSince !== null || other.offSince !== null)
        }
      }),
    )
  })
})
