import fc from 'fast-check'
import { expect, test } from 'vitest'
import { backoffDelayMs } from '../../../src/client/backoff.ts'

test('the ceiling doubles from half a second and stops at 15 seconds', () => {
  const ceilings = [1, 2, 3, 4, 5, 6, 7, 1_000].map((failures) => backoffDelayMs(failures, () => 1))
  expect(ceilings).toEqual([500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000])
})

test('every delay is between zero and the ceiling', () => {
  const fraction = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5_000 }), fraction, (failures, random) => {
      const delay = backoffDelayMs(failures, () => random)
      return delay >= 0 && delay <= backoffDelayMs(failures, () => 1)
    }),
  )
})
