import { describe, expect, it } from 'vitest'
import { Pace } from '../../../../src/conversations/outbox/pace.ts'

const LIMITS = { perMinute: 6, perHour: 100 }

/** The wait once the minute is used up. */
function waitWith(random: number): number {
  const pace = new Pace(
    () => LIMITS,
    () => random,
  )
  pace.resume([], 0)
  for (let sent = 0; sent < LIMITS.perMinute; sent += 1) expect(pace.take(0)).toBe(0)
  return pace.take(0)
}

describe('the pace', () => {
  it('waits for a place, and up to a quarter longer, never shorter', () => {
    expect([waitWith(0), waitWith(0.5), waitWith(0.999)]).toEqual([10_000, 11_250, 12_498])
  })

  // Half of two is one, and the reaction took it: the second answer waited for half a minute.
  it('has something to spare only where enough is left after it', () => {
    const paceOf = (perMinute: number): Pace =>
      new Pace(
        () => ({ perMinute, perHour: 100 }),
        () => 0,
      )
    const small = paceOf(2)
    expect([small.take(0), small.takeSpare(0, 0.5), small.take(0)]).toEqual([0, false, 0])
    const large = paceOf(8)
    const taken = Array.from({ length: 6 }, () => large.takeSpare(0, 0.5))
    expect(taken).toEqual([true, true, true, true, false, false])
    expect(Array.from({ length: 5 }, () => large.take(0))).toEqual([0, 0, 0, 0, 7_500])
    expect(paceOf(1).takeSpare(0, 0.5)).toBe(false)
  })

  it('remembers what went out before the restart, within the minute and within the hour', () => {
    const resumed = (sends: number[]): number => {
      const pace = new Pace(
        () => LIMITS,
        () => 0,
      )
      pace.resume(sends, 3_600_000)
      return pace.take(3_600_000)
    }
    expect(resumed([])).toBe(0)
    expect(resumed(Array.from({ length: 6 }, () => 3_590_000))).toBe(10_000)
    expect(resumed(Array.from({ length: 6 }, () => 3_500_000))).toBe(0)
    expect(resumed(Array.from({ length: 100 }, () => 1_000_000))).toBe(36_000)
    expect(resumed(Array.from({ length: 100 }, () => 3_700_000))).toBe(0)
  })
})
