import { expect, it } from 'vitest'
import { TokenBucket } from '../../../../src/control/limits/token-bucket.ts'

it('allows a burst, then the rate, and never more than the burst after a rest', () => {
  const bucket = new TokenBucket({ burst: 3, perSecond: 2 }, 0)
  const taken = (nowMs: number): boolean => bucket.take(nowMs)
  expect([taken(0), taken(0), taken(0), taken(0)]).toEqual([true, true, true, false])
  expect([taken(499), taken(500), taken(500)]).toEqual([false, true, false])
  expect([taken(60_000), taken(60_000), taken(60_000), taken(60_000)]).toEqual([true, true, true, false])
})

it('gives nothing for a clock that goes back', () => {
  const bucket = new TokenBucket({ burst: 1, perSecond: 1 }, 10_000)
  expect(bucket.take(10_000)).toBe(true)
  expect(bucket.take(0)).toBe(false)
  expect(bucket.take(500)).toBe(false)
})
